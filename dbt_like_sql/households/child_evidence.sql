-- One row per reception, source record of a child and kind of evidence that the child is the prisoner's.
-- The home is where that source says the child lives as at the reception; is_confirmed says that the evidence stands
-- alone.
with

receptions as (
    select
        reception_id,
        prisoner_number,
        received_on
    from persons.cleaned_persons
),

-- Police: the prisoner is recorded as parent, step-parent or guardian. Parenthood does not end, the others may.
associations as (
    select
        receptions.reception_id,
        receptions.received_on,
        associations.related_person_id as person_id,
        min(associations.relationship_code) as relationship_code,
        bool_or(associations.association_source is not distinct from 'custody_record') as is_confirmed
    from receptions
    inner join linkage.person_links using (reception_id)
    inner join intake.police_associations as associations using (person_id)
    where
        associations.relationship_code in ('parent_of', 'step_parent_of', 'guardian_of')
        and (associations.from_date is null or associations.from_date <= receptions.received_on)
        and (
            associations.relationship_code = 'parent_of'
            or associations.to_date is null
            or associations.to_date > receptions.received_on
        )
    group by all
),

-- The newest home that holds as at the reception, even where its postcode is unknown: an older one is the wrong door.
police_homes as (
    select
        associations.reception_id,
        associations.person_id,
        homes.address_line,
        homes.postcode,
        homes.home_id,
        homes.la_code
    from associations
    inner join persons.known_homes as homes using (person_id)
    where
        (homes.from_date is null or homes.from_date <= associations.received_on)
        and (homes.to_date is null or homes.to_date > associations.received_on)
    qualify row_number() over (
        partition by associations.reception_id, associations.person_id
        order by homes.from_date desc nulls last, homes.last_confirmed_on desc nulls last, homes.address_id desc
    ) = 1
),

police_children as (
    select
        associations.reception_id,
        'police_records:' || associations.person_id as subject_id,
        'association' as evidence_kind,
        'police_records' as source,
        associations.relationship_code,
        associations.is_confirmed,
        children.last_name,
        children.first_name,
        children.date_of_birth,
        null::date as expected_date_of_birth,
        children.gender,
        children.is_deceased,
        police_homes.address_line,
        police_homes.postcode,
        police_homes.home_id,
        police_homes.la_code
    from associations
    inner join persons.police_persons as children using (person_id)
    left join police_homes using (reception_id, person_id)
),

-- Prison: the prisoner named the child among the contacts, which is the prisoner's own word.
contact_children as (
    select
        reception_id,
        'prison_extract:' || prisoner_number || '/' || contact_id as subject_id,
        'contact' as evidence_kind,
        'prison_extract' as source,
        relationship_code,
        true as is_confirmed,
        last_name,
        first_name,
        date_of_birth,
        null::date as expected_date_of_birth,
        gender,
        false as is_deceased,
        address_line,
        postcode,
        home_id,
        la_code
    from persons.cleaned_contacts
    where relationship_code in ('SON', 'DAU', 'SSON', 'SDAU')
),

-- Children's services: a mother holds parental responsibility by law (Children Act 1989, section 2); of anybody else
-- the evidence stands alone only where the authority recorded it.
services_children as (
    select
        receptions.reception_id,
        'childrens_services:' || children.child_id as subject_id,
        'services_family' as evidence_kind,
        'childrens_services' as source,
        min(members.relationship_code) as relationship_code,
        bool_or(members.relationship_code = 'mother' or coalesce(members.has_parental_responsibility, false))
            as is_confirmed,
        children.last_name,
        children.first_name,
        children.date_of_birth,
        children.expected_date_of_birth,
        children.gender,
        children.is_deceased,
        children.address_line,
        children.postcode,
        children.home_id,
        children.la_code
    from receptions
    inner join linkage.family_links using (reception_id)
    inner join persons.known_family_members as members using (child_id, member_number)
    inner join persons.known_children as children using (child_id)
    where members.relationship_code in ('mother', 'father', 'step_parent', 'guardian')
    group by all
),

evidence as (
    select * from police_children
    union all
    select * from contact_children
    union all
    select * from services_children
)

select
    reception_id,
    subject_id,
    evidence_kind,
    source,
    relationship_code,
    is_confirmed,
    last_name,
    first_name,
    date_of_birth,
    expected_date_of_birth,
    gender,
    is_deceased,
    address_line,
    postcode,
    home_id,
    la_code
from evidence
