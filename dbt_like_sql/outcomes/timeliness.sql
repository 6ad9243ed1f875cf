-- One row per month of reception with a family told: how long it took until its neighbourhood team was told, and
-- from there until the family was reached.
with

told as (
    select
        date_trunc('month', received_at)::date as month,
        date_diff('second', received_at, told_at) / 3600.0 as hours_to_told,
        date_diff('second', told_at, first_contact_at) / 3600.0 as hours_to_contact,
        told_at::date <= received_at::date + 1 as is_told_by_next_day
    from casework.cases
    where recipient_kind = 'neighbourhood_team' and told_at is not null
)

select
    month,
    count(*) as families_told_count,
    median(hours_to_told) as median_hours_to_told,
    avg(is_told_by_next_day::int) as told_by_next_day_share,
    count(hours_to_contact) as families_contacted_count,
    median(hours_to_contact) as median_hours_to_contact
from told
group by month
