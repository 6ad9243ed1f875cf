-- One row per family and background check that found something in police markers, prison alerts or plans of
-- children's services. A marker counts that was in force at any time from the reception to the day: before an approach
-- the newest fact matters.
with

families as (
    select distinct
        reception_id,
        family_id,
        home_id
    from eligibility.eligible_children
),

receptions as (
    select
        reception_id,
        received_on,
        alert_codes
    from persons.cleaned_persons
),

children as (
    select
        reception_id,
        family_id,
        unnest(string_split(source_records, ';')) as record_id
    from eligibility.eligible_children
),

-- Whom and what a marker may be on: the prisoner, a child, somebody else at the children's home, the home itself.
parties as (
    select
        families.reception_id,
        families.family_id,
        'person' as subject_type,
        links.person_id as subject_id,
        'prisoner' as party
    from families
    inner join linkage.person_links as links using (reception_id)
    union
    select
        reception_id,
        family_id,
        'person' as subject_type,
        replace(record_id, 'police_records:', '') as subject_id,
        'child' as party
    from children
    where starts_with(record_id, 'police_records:')
    union
    select
        families.reception_id,
        families.family_id,
        'person' as subject_type,
        replace(members.subject_id, 'police_records:', '') as subject_id,
        'at_home' as party
    from families
    inner join households.household_members as members using (reception_id, home_id)
    where members.source = 'police_records' and not members.is_prisoner
    union
    select
        families.reception_id,
        families.family_id,
        'address' as subject_type,
        homes.address_id as subject_id,
        'home' as party
    from families
    inner join persons.known_homes as homes using (home_id)
),

markers as (
    select
        parties.reception_id,
        parties.family_id,
        parties.party,
        markers.marker_code,
        markers.about_person_id,
        bool_or(coalesce(others.party = 'prisoner', false)) as is_about_prisoner,
        bool_or(coalesce(others.party in ('child', 'at_home'), false)) as is_about_family
    from parties
    inner join receptions using (reception_id)
    inner join intake.police_markers as markers using (subject_type, subject_id)
    left join parties as others
        on
            others.reception_id = parties.reception_id
            and others.family_id = parties.family_id
            and others.subject_type = 'person'
            and others.subject_id = markers.about_person_id
    where
        markers.from_date <= getvariable('day')
        and (markers.to_date is null or markers.to_date > receptions.received_on)
    group by all
),

-- Between the prisoner and the family, whichever of them the marker is on. On the prisoner with nobody named, it may be
-- about them.
between_them as (
    select
        *,
        (party = 'prisoner' and (is_about_family or about_person_id is null))
        or (party in ('child', 'at_home') and is_about_prisoner) as is_between_them
    from markers
),

marker_findings as (
    select
        reception_id,
        family_id,
        case
            when
                marker_code = 'CHILD_VICTIM' and party = 'child' and is_about_prisoner
                then 'child_is_victim_of_prisoner'
            when marker_code = 'CHILD_VICTIM' and party = 'child' then 'child_is_a_victim'
            when marker_code = 'NO_CONTACT_ORDER' and is_between_them then 'no_contact_order'
            when marker_code in ('DA_PERPETRATOR', 'DA_VICTIM') and is_between_them then 'domestic_abuse_between_adults'
            when marker_code = 'RESTRICTED_RECORD' then 'restricted_record'
            when marker_code = 'DO_NOT_CONTACT' and party <> 'prisoner' then 'asked_not_to_be_contacted'
            when marker_code = 'REFUGE' and party = 'home' then 'refuge'
            when marker_code = 'SENSITIVE_ADDRESS' and party = 'home' then 'sensitive_address'
            when marker_code = 'VI' and party <> 'prisoner' then 'violence_marker_at_home'
            when marker_code = 'WE' and party <> 'prisoner' then 'weapons_marker_at_home'
            when marker_code = 'FI' and party <> 'prisoner' then 'firearms_marker_at_home'
        end as check_code
    from between_them
),

alerts as (
    select
        reception_id,
        unnest(string_split(alert_codes, ';')) as alert_code
    from receptions
),

alert_findings as (
    select
        families.reception_id,
        families.family_id,
        case
            when alerts.alert_code in ('ONCR', 'CC1', 'OHCO') then 'no_contact_alert'
            when alerts.alert_code in ('RCC', 'RCS', 'RCP', 'CC2', 'CC3') then 'risk_to_children_alert'
            when alerts.alert_code in ('SOR', 'SC', 'SSHO', 'PVN', 'XCSEA') then 'sexual_offence_alert'
            when alerts.alert_code = 'RDV' then 'domestic_abuse_alert'
            when alerts.alert_code in ('ROV', 'ROH') then 'serious_harm_alert'
        end as check_code
    from families
    inner join alerts using (reception_id)
),

-- Plans in force as at the reception, with the authority's team that works with the child.
plans as (
    select
        children.reception_id,
        children.family_id,
        plans.plan_type,
        plans.allocated_team
    from children
    inner join receptions using (reception_id)
    inner join intake.services_plans as plans on children.record_id = 'childrens_services:' || plans.child_id
    where
        plans.from_date <= receptions.received_on
        and (plans.to_date is null or plans.to_date > receptions.received_on)
),

plan_findings as (
    select
        reception_id,
        family_id,
        case plan_type
            when 'child_protection' then 'child_protection_plan'
            when 'looked_after' then 'looked_after_child'
            when 'child_in_need' then 'child_in_need_plan'
        end as check_code,
        allocated_team
    from plans
),

findings as (
    select
        reception_id,
        family_id,
        check_code,
        null::varchar as allocated_team
    from marker_findings
    union
    select
        reception_id,
        family_id,
        check_code,
        null::varchar
    from alert_findings
    union
    select
        reception_id,
        family_id,
        check_code,
        allocated_team
    from plan_findings
)

select
    reception_id,
    family_id,
    check_code,
    min(allocated_team) as allocated_team
from findings
where check_code is not null
group by reception_id, family_id, check_code
