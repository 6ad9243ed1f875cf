-- One row per reception, home and record of a person who lives there as at the reception. The homes are those of the
-- prisoner and of the prisoner's children; the dead are left out, and one person under two records has two rows.
with

receptions as (
    select * from persons.cleaned_persons
),

prisoner_records as (
    select
        reception_id,
        'police_records:' || person_id as subject_id
    from linkage.person_links
    union
    select
        reception_id,
        'childrens_services:' || child_id || '/' || member_number as subject_id
    from linkage.family_links
),

homes as (
    select
        reception_id,
        home_id
    from receptions
    union
    select
        links.reception_id,
        homes.home_id
    from linkage.person_links as links
    inner join receptions using (reception_id)
    inner join persons.known_homes as homes using (person_id)
    where
        (homes.from_date is null or homes.from_date <= receptions.received_on)
        and (homes.to_date is null or homes.to_date > receptions.received_on)
    union
    select
        reception_id,
        home_id
    from households.child_evidence
),

considered as materialized (
    select
        homes.reception_id,
        homes.home_id,
        receptions.received_on
    from homes
    inner join receptions using (reception_id)
    where homes.home_id is not null
),

-- The homes considered are few and the references large: each is first cut down to those whom these homes concern.
police_homes as materialized (
    select
        home_id,
        person_id,
        from_date,
        to_date
    from persons.known_homes
    where home_id in (select considered.home_id from considered)
),

police_residents as materialized (
    select
        person_id,
        last_name,
        first_name,
        date_of_birth
    from persons.police_persons
    where
        is_deceased is distinct from true
        and person_id in (select police_homes.person_id from police_homes)
),

children_at_home as materialized (
    select
        home_id,
        child_id
    from persons.known_children
    where home_id in (select considered.home_id from considered)
),

families_at_home as materialized (
    select
        child_id,
        member_number,
        last_name,
        first_name,
        date_of_birth,
        relationship_code
    from persons.known_family_members
    where
        is_same_household
        and child_id in (select children_at_home.child_id from children_at_home)
),

-- The prisoner, at the address given at reception.
received as (
    select
        reception_id,
        home_id,
        'prison_extract:' || prisoner_number as subject_id,
        'prison_extract' as source,
        last_name,
        first_name,
        date_of_birth,
        true as is_adult_by_role,
        true as is_the_prisoner
    from receptions
    where home_id is not null
),

police as (
    select distinct
        considered.reception_id,
        considered.home_id,
        'police_records:' || homes.person_id as subject_id,
        'police_records' as source,
        residents.last_name,
        residents.first_name,
        residents.date_of_birth,
        null::boolean as is_adult_by_role,
        false as is_the_prisoner
    from considered
    inner join police_homes as homes using (home_id)
    inner join police_residents as residents using (person_id)
    where
        (homes.from_date is null or homes.from_date <= considered.received_on)
        and (homes.to_date is null or homes.to_date > considered.received_on)
),

services_children as (
    select
        considered.reception_id,
        considered.home_id,
        'childrens_services:' || children.child_id as subject_id,
        'childrens_services' as source,
        children.last_name,
        children.first_name,
        children.date_of_birth,
        case when children.date_of_birth is null then false end as is_adult_by_role,
        false as is_the_prisoner
    from considered
    inner join persons.known_children as children using (home_id)
    where children.is_deceased is distinct from true
),

services_family as (
    select
        considered.reception_id,
        considered.home_id,
        'childrens_services:' || members.child_id || '/' || members.member_number as subject_id,
        'childrens_services' as source,
        members.last_name,
        members.first_name,
        members.date_of_birth,
        case when members.relationship_code <> 'sibling' then true end as is_adult_by_role,
        false as is_the_prisoner
    from considered
    inner join children_at_home using (home_id)
    inner join families_at_home as members using (child_id)
),

contacts as (
    select
        considered.reception_id,
        considered.home_id,
        'prison_extract:' || contacts.prisoner_number || '/' || contacts.contact_id as subject_id,
        'prison_extract' as source,
        contacts.last_name,
        contacts.first_name,
        contacts.date_of_birth,
        case
            when contacts.relationship_code in ('SON', 'DAU', 'SSON', 'SDAU', 'GSON', 'GDAU') then false
            when
                contacts.relationship_code in (
                    'WIFE',
                    'HUS',
                    'PART',
                    'GIF',
                    'BOF',
                    'CLW',
                    'CLH',
                    'MOT',
                    'FA',
                    'GMOT',
                    'GFA',
                    'GUA',
                    'FOP',
                    'AUNT',
                    'UN'
                )
                then true
        end as is_adult_by_role,
        false as is_the_prisoner
    from considered
    inner join persons.cleaned_contacts as contacts using (reception_id, home_id)
),

residents as (
    select * from received
    union all
    select * from police
    union all
    select * from services_children
    union all
    select * from services_family
    union all
    select * from contacts
),

-- An adult whose birth date is unknown is one by the role that the source gives: a partner, a parent, a carer.
described as materialized (
    select
        residents.reception_id,
        residents.home_id,
        residents.subject_id,
        residents.source,
        residents.last_name,
        residents.first_name,
        residents.date_of_birth,
        receptions.received_on,
        coalesce(
            year(receptions.received_on) - year(residents.date_of_birth)
            - (
                (month(receptions.received_on), day(receptions.received_on))
                < (month(residents.date_of_birth), day(residents.date_of_birth))
            )::int >= 18,
            residents.is_adult_by_role
        ) as is_adult,
        residents.is_the_prisoner or prisoner_records.subject_id is not null as is_prisoners_record
    from residents
    inner join receptions using (reception_id)
    left join prisoner_records using (reception_id, subject_id)
),

-- Who is known to be in custody. Of another reception counts who is inside on the day of this one, as one of the
-- records here or with this home given at their own reception. Looked up by record, name or home: on a big day every
-- reception beside everybody inside would be too many.
custody as (
    select
        reception_id as other_reception_id,
        subject_id,
        home_id,
        last_name,
        first_name,
        date_of_birth,
        received_on as inside_from,
        coalesce(released_on, date '9999-12-31') as inside_until
    from households.people_in_custody
),

records_inside as materialized (
    select distinct
        described.reception_id,
        described.subject_id
    from described
    inner join custody using (subject_id)
    where
        described.reception_id <> custody.other_reception_id
        and described.received_on >= custody.inside_from
        and described.received_on < custody.inside_until
),

inside as (
    select
        considered.reception_id,
        considered.home_id,
        receptions.last_name,
        receptions.first_name,
        receptions.date_of_birth,
        true as is_prisoner
    from considered
    inner join receptions using (reception_id)
    union
    select
        reception_id,
        home_id,
        last_name,
        first_name,
        date_of_birth,
        true as is_prisoner
    from described
    where is_prisoners_record
    union
    select
        described.reception_id,
        described.home_id,
        described.last_name,
        described.first_name,
        described.date_of_birth,
        false as is_prisoner
    from described
    inner join records_inside using (reception_id, subject_id)
    union
    select
        described.reception_id,
        described.home_id,
        described.last_name,
        described.first_name,
        described.date_of_birth,
        false as is_prisoner
    from described
    inner join custody using (last_name, first_name, date_of_birth)
    where
        described.reception_id <> custody.other_reception_id
        and described.received_on >= custody.inside_from
        and described.received_on < custody.inside_until
    union
    select
        considered.reception_id,
        considered.home_id,
        custody.last_name,
        custody.first_name,
        custody.date_of_birth,
        false as is_prisoner
    from considered
    inner join custody using (home_id)
    where
        considered.reception_id <> custody.other_reception_id
        and considered.received_on >= custody.inside_from
        and considered.received_on < custody.inside_until
),

-- In one home two of surname, forename and birth date tell one adult: a record with a slip must not become the adult
-- who is left at home. A father and son of one name count as one here, which errs towards calling the child alone.
recognised as (
    select
        described.reception_id,
        described.home_id,
        described.subject_id,
        bool_or(inside.is_prisoner) as is_prisoner
    from described
    inner join inside using (reception_id, home_id)
    where
        described.is_adult is distinct from false
        and coalesce(described.last_name = inside.last_name, false)::int
        + coalesce(described.first_name = inside.first_name, false)::int
        + coalesce(described.date_of_birth = inside.date_of_birth, false)::int >= 2
    group by all
)

select
    described.reception_id,
    described.home_id,
    described.subject_id,
    described.source,
    described.is_adult,
    described.is_prisoners_record or coalesce(recognised.is_prisoner, false) as is_prisoner,
    described.is_prisoners_record
    or recognised.subject_id is not null
    or records_inside.subject_id is not null as is_in_custody
from described
left join recognised using (reception_id, home_id, subject_id)
left join records_inside using (reception_id, subject_id)
