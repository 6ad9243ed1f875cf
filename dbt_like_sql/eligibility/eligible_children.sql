-- One row per eligible child; the children of one reception who share a home as at that day are one family.
with

children as (
    select * from households.children
),

decisions as (
    select
        reception_id,
        child_ref
    from eligibility.decisions
    where decision = 'eligible'
)

select
    children.reception_id,
    children.child_ref,
    'F' || left(sha256(children.reception_id || '|' || children.home_id), 15) as family_id,
    children.source_records,
    children.first_name,
    children.last_name,
    children.date_of_birth,
    children.age_years,
    children.address_line,
    children.postcode,
    children.home_id,
    children.la_code,
    children.plan_types,
    children.is_confirmed
from children
inner join decisions using (reception_id, child_ref)
