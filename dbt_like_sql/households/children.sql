-- One row per reception and child with a reason to be considered, with all the evidence and the home where the child
-- lives as at the reception. Records of one forename and birth date are one child; twins and siblings stay apart.
with

receptions as (
    select
        reception_id,
        received_on
    from persons.cleaned_persons
),

prisoner_homes as (
    select distinct
        reception_id,
        home_id
    from households.household_members
    where is_prisoner
),

-- A minor at the prisoner's home, whoever's child it is: evidence for review only.
minors as (
    select
        members.reception_id,
        members.subject_id,
        members.source,
        members.home_id
    from households.household_members as members
    inner join prisoner_homes using (reception_id, home_id)
    where members.is_adult = false and not members.is_prisoner
),

police_homes as (
    select distinct
        home_id,
        address_line,
        postcode,
        la_code
    from persons.known_homes
    where home_id in (select minors.home_id from minors)
),

police_minors as (
    select
        minors.reception_id,
        minors.subject_id,
        'household_only' as evidence_kind,
        minors.source,
        null::varchar as relationship_code,
        false as is_confirmed,
        children.last_name,
        children.first_name,
        children.date_of_birth,
        null::date as expected_date_of_birth,
        children.gender,
        children.is_deceased,
        police_homes.address_line,
        police_homes.postcode,
        minors.home_id,
        police_homes.la_code
    from minors
    inner join persons.police_persons as children
        on replace(minors.subject_id, 'police_records:', '') = children.person_id
    inner join police_homes on minors.home_id = police_homes.home_id
    where minors.source = 'police_records'
),

services_minors as (
    select
        minors.reception_id,
        minors.subject_id,
        'household_only' as evidence_kind,
        minors.source,
        null::varchar as relationship_code,
        false as is_confirmed,
        children.last_name,
        children.first_name,
        children.date_of_birth,
        children.expected_date_of_birth,
        children.gender,
        children.is_deceased,
        children.address_line,
        children.postcode,
        minors.home_id,
        children.la_code
    from minors
    inner join persons.known_children as children
        on replace(minors.subject_id, 'childrens_services:', '') = children.child_id
    where minors.source = 'childrens_services'
),

contact_minors as (
    select
        minors.reception_id,
        minors.subject_id,
        'household_only' as evidence_kind,
        minors.source,
        null::varchar as relationship_code,
        false as is_confirmed,
        children.last_name,
        children.first_name,
        children.date_of_birth,
        null::date as expected_date_of_birth,
        children.gender,
        false as is_deceased,
        children.address_line,
        children.postcode,
        minors.home_id,
        children.la_code
    from minors
    inner join persons.cleaned_contacts as children
        on
            minors.reception_id = children.reception_id
            and minors.subject_id = 'prison_extract:' || children.prisoner_number || '/' || children.contact_id
),

evidence as (
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
    from households.child_evidence
    union all
    select * from police_minors
    union all
    select * from services_minors
    union all
    select * from contact_minors
),

-- A record without a birth date is the one child of that reception who has both its names.
named as (
    select
        reception_id,
        first_name,
        last_name,
        case when count(distinct date_of_birth) = 1 then min(date_of_birth) end as only_birth_date
    from evidence
    where first_name is not null and last_name is not null
    group by all
),

identified as (
    select
        evidence.*,
        case
            when evidence.first_name is null then evidence.subject_id
            when coalesce(evidence.date_of_birth, named.only_birth_date) is not null
                then evidence.first_name || '|' || coalesce(evidence.date_of_birth, named.only_birth_date)
            when evidence.last_name is not null then evidence.first_name || '|' || evidence.last_name
            else evidence.subject_id
        end as child_key,
        case evidence.source when 'childrens_services' then 1 when 'police_records' then 2 else 3 end as source_rank,
        case evidence.evidence_kind
            when 'association' then 1 when 'services_family' then 2 when 'contact' then 3 else 4
        end as kind_rank
    from evidence
    left join named using (reception_id, first_name, last_name)
),

ranked as materialized (
    select
        identified.*,
        identified.evidence_kind <> 'household_only' as is_of_the_prisoner,
        prisoner_homes.home_id is not null as is_at_prisoners_home
    from identified
    left join prisoner_homes using (reception_id, home_id)
),

grouped as (
    select
        reception_id,
        child_key,
        string_agg(distinct subject_id, ';' order by subject_id) as source_records,
        string_agg(distinct evidence_kind, ';' order by evidence_kind) as evidence_kinds,
        string_agg(distinct source, ';' order by source) as evidence_sources,
        first(relationship_code order by kind_rank, subject_id) as relationship_code,
        -- Confirmed: evidence that stands alone, a second source, or a home shared with the prisoner as at the
        -- reception.
        bool_or(is_of_the_prisoner) and (
            bool_or(is_confirmed)
            or bool_or(is_at_prisoners_home)
            or count(distinct source) filter (where is_of_the_prisoner) > 1
        ) as is_confirmed,
        first(last_name order by last_name is null, source_rank, subject_id) as last_name,
        first(first_name order by first_name is null, source_rank, subject_id) as first_name,
        min(date_of_birth) as date_of_birth,
        min(expected_date_of_birth) as expected_date_of_birth,
        first(gender order by gender is null, source_rank, subject_id) as gender,
        coalesce(bool_or(is_deceased), false) as is_deceased,
        first(
            struct_pack(address_line, postcode, home_id, la_code)
            order by home_id is null, la_code is null, source_rank, kind_rank, subject_id, home_id
        ) as home
    from ranked
    group by reception_id, child_key
),

-- The plans of these children only, before any reception is joined to them by date.
known_plans as materialized (
    select
        'childrens_services:' || child_id as subject_id,
        plan_type,
        from_date,
        to_date
    from intake.services_plans
    where 'childrens_services:' || child_id in (select ranked.subject_id from ranked)
),

plans as (
    select
        ranked.reception_id,
        ranked.child_key,
        string_agg(distinct plans.plan_type, ';' order by plans.plan_type) as plan_types
    from ranked
    inner join receptions using (reception_id)
    inner join known_plans as plans using (subject_id)
    where
        plans.from_date <= receptions.received_on
        and (plans.to_date is null or plans.to_date > receptions.received_on)
    group by all
)

select
    grouped.reception_id,
    'C' || left(sha256(grouped.reception_id || '|' || grouped.child_key), 15) as child_ref,
    grouped.source_records,
    grouped.evidence_kinds,
    grouped.evidence_sources,
    grouped.relationship_code,
    grouped.is_confirmed,
    grouped.last_name,
    grouped.first_name,
    grouped.date_of_birth,
    grouped.expected_date_of_birth,
    grouped.gender,
    year(receptions.received_on) - year(grouped.date_of_birth)
    - (
        (month(receptions.received_on), day(receptions.received_on))
        < (month(grouped.date_of_birth), day(grouped.date_of_birth))
    )::int as age_years,
    grouped.is_deceased,
    grouped.home.address_line,
    grouped.home.postcode,
    grouped.home.home_id,
    grouped.home.la_code,
    plans.plan_types
from grouped
inner join receptions using (reception_id)
left join plans using (reception_id, child_key)
