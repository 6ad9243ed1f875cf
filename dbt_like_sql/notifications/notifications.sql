-- One row per family, reception and recipient: who is due to be told on the day. What was told, only the ledger knows.
with

checks as (
    select
        reception_id,
        family_id,
        la_code,
        is_urgent,
        child_count,
        condition_codes,
        allocated_team,
        unnest(string_split(recipient_kinds, ';')) as recipient_kind
    from suitability.family_checks
),

families as (
    select
        reception_id,
        family_id,
        string_agg(source_records, ';' order by source_records) as source_records,
        min(address_line) as address_line,
        min(postcode) as postcode
    from eligibility.eligible_children
    group by all
),

receptions as (
    select
        reception_id,
        prisoner_number,
        booking_id,
        received_at
    from persons.cleaned_persons
)

select
    checks.reception_id,
    checks.family_id,
    receptions.prisoner_number,
    receptions.booking_id,
    receptions.received_at,
    checks.recipient_kind,
    case checks.recipient_kind
        when 'neighbourhood_team' then coalesce(districts.team, teams.default_team)
        when 'allocated_team' then coalesce(checks.allocated_team, teams.default_team)
        else teams.safeguarding_team
    end as team,
    checks.is_urgent,
    checks.child_count,
    families.source_records,
    families.address_line,
    families.postcode,
    checks.la_code,
    checks.condition_codes
from checks
inner join families using (reception_id, family_id)
inner join receptions using (reception_id)
left join settings.districts as districts using (la_code)
cross join settings.teams as teams
