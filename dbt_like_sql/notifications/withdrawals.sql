-- One row per prisoner, booking, reception and reason for which what was told before must be withdrawn: released today,
-- or the link to the family was rejected or reopened by a person.
with

releases as (
    select distinct
        movements.prisoner_number,
        movements.booking_id,
        null::varchar as reception_id,
        'released' as reason_code
    from prison.movements as movements
    where movements.movement_type_code = 'REL'
),

rulings as (
    select distinct
        receptions.prisoner_number,
        receptions.booking_id,
        rulings.reception_id,
        case rulings.ruling_kind when 'reject_link' then 'link_rejected' else 'link_reopened' end as reason_code
    from intake.rulings as rulings
    left join persons.cleaned_persons as receptions using (reception_id)
    where rulings.is_of_the_day and rulings.ruling_kind in ('reject_link', 'reopen_link')
)

select
    prisoner_number,
    booking_id,
    reception_id,
    reason_code
from releases
union all
select
    prisoner_number,
    booking_id,
    reception_id,
    reason_code
from rulings
