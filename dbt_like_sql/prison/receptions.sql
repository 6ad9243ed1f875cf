-- One row per person newly received into custody: an admission to prison that is no transfer and no stopover.
with

movements as (
    select * from prison.movements
),

-- Whether a term was open already does not matter here; it only sets the custody episode.
received as (
    select * from movements
    where
        movement_type_code = 'ADM'
        and in_out_status = 'IN'
        -- Somebody who has died is not received, however the record was closed.
        and legal_status is distinct from 'DEAD'
        and movement_reason_code in (
            -- remand, convicted unsentenced, imprisonment, extended sentence, public protection, life, young offenders
            'N', 'V', 'I', '26', '25', '27', '29', 'G', 'J', 'K', 'W',
            -- recalls
            'L', 'B', 'Y', '24',
            -- temporary release breached, recaptured, home leave failed, civil, fine, immigration, foreign prison
            'ETB', 'ETRLR', 'ETRRIE', 'RECA', 'H', 'C', 'F', 'E', 'T',
            -- late return, psychiatric
            'A', 'U', 'O'
        )
)

select
    'R' || left(sha256(prisoner_number || '|' || booking_id || '|' || movement_sequence), 15) as reception_id,
    prisoner_number,
    booking_id,
    movement_sequence,
    line_number,
    movement_at as received_at,
    movement_at::date as received_on,
    movement_reason_code,
    prison_id,
    legal_status,
    pnc_number,
    cro_number,
    last_name,
    first_name,
    middle_names,
    aliases,
    date_of_birth,
    gender,
    ethnicity_code,
    alert_codes,
    no_fixed_abode,
    address_line,
    postcode,
    number_of_children
from received
