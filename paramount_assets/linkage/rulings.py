"""What people have ruled about links, reduced to the last word on each pair."""

import polars as pl

from paramount_assets.matching.decide import RuledKind
from paramount_assets.vocabulary import RulingKind

_RULED = {
    RulingKind.ACCEPT_LINK.value: RuledKind.ACCEPT.value,
    RulingKind.REJECT_LINK.value: RuledKind.REJECT.value,
    RulingKind.REOPEN_LINK.value: RuledKind.REOPEN.value,
}


def last_words(rulings: pl.DataFrame, cleaned_persons: pl.DataFrame) -> pl.DataFrame:
    """The last word on each pair of the receptions looked at: `left_id`, `right_id`, `ruled`.

    A reopening undoes every earlier acceptance of the reception; its rejections stand.

    Args:
        rulings: every one that stands on the day.
        cleaned_persons: the receptions that the day looks at.
    """
    about_links = (
        rulings.filter(pl.col("ruling_kind").is_in(list(_RULED)))
        .join(cleaned_persons.select("reception_id"), on="reception_id", how="semi")
        .sort("recorded_at", "ruling_id")
        .with_row_index("_order")
        .with_columns(ruled=pl.col("ruling_kind").replace_strict(_RULED, return_dtype=pl.String))
    )
    reopened_at = pl.col("_order").filter(pl.col("ruled") == RuledKind.REOPEN.value).max().over("reception_id")
    is_undone = (pl.col("ruled") == RuledKind.ACCEPT.value) & (pl.col("_order") < reopened_at).fill_null(value=False)
    return (
        about_links.with_columns(ruled=pl.when(is_undone).then(pl.lit(RuledKind.REOPEN.value)).otherwise("ruled"))
        .unique(["reception_id", "subject_id"], keep="last", maintain_order=True)
        .select(left_id="reception_id", right_id="subject_id", ruled="ruled")
    )
