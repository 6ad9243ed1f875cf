-- One row per month of reception: how many of the people received, and of their children, each step of the chain
-- reached.
-- A reception counts once, as the newest day that looked at it found it.
with

receptions as (
    select
        reception_id,
        received_on
    from prison.receptions
    qualify row_number() over (partition by reception_id order by as_of desc) = 1
),

looks as (
    select
        reception_id,
        max(as_of) as as_of
    from persons.cleaned_persons
    group by reception_id
),

links as (
    select distinct links.reception_id
    from linkage.person_links as links
    inner join looks using (reception_id, as_of)
),

decisions as (
    select
        decisions.reception_id,
        count(*) as child_count,
        count(*) filter (where decisions.decision = 'eligible') as eligible_count,
        count(*) filter (where decisions.decision = 'review') as review_count
    from eligibility.decisions as decisions
    inner join looks using (reception_id, as_of)
    group by decisions.reception_id
),

-- A family that passed from one of its parents' receptions to the other's is one case, and counts with the first.
told as (
    select
        reception_id,
        count(*) as family_count,
        sum(child_count) as child_count
    from casework.cases
    where recipient_kind = 'neighbourhood_team' and told_at is not null
    group by reception_id
)

select
    date_trunc('month', receptions.received_on)::date as month,
    count(*) as reception_count,
    count(links.reception_id) as linked_count,
    count(decisions.reception_id) as with_child_count,
    coalesce(sum(decisions.child_count), 0)::bigint as children_found_count,
    coalesce(sum(decisions.eligible_count), 0)::bigint as children_eligible_count,
    coalesce(sum(decisions.review_count), 0)::bigint as children_in_review_count,
    coalesce(sum(told.family_count), 0)::bigint as families_told_count,
    coalesce(sum(told.child_count), 0)::bigint as children_told_count
from receptions
left join links using (reception_id)
left join decisions using (reception_id)
left join told using (reception_id)
group by month
