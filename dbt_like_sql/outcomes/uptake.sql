-- One row per month of reception with a family told: what families answered to the offer, and how many were referred.
with

told as (
    select
        first_contact_at,
        offer_outcome,
        referred_at,
        date_trunc('month', received_at)::date as month
    from casework.cases
    where recipient_kind = 'neighbourhood_team' and told_at is not null
)

select
    month,
    count(*) as families_told_count,
    count(first_contact_at) as families_contacted_count,
    count(offer_outcome) as families_offered_count,
    count(*) filter (where offer_outcome = 'accepted') as families_accepted_count,
    count(*) filter (where offer_outcome = 'declined') as families_declined_count,
    count(referred_at) as families_referred_count,
    count(referred_at) / count(*) as referred_share
from told
group by month
