"""Figures of groups: who belongs to which, and what is too small to be shown."""

import polars as pl

from paramount_assets.evaluation.children import MISSED, TOLD
from paramount_assets.evaluation.figures import FEWEST
from paramount_assets.evaluation.groups import groups, memberships
from paramount_assets.evaluation.links import RIGHT
from paramount_assets.vocabulary import Source
from tests.evaluation.made import FATHER, PRISONER, receptions, records, truth

WORLD = truth(
    source_records=records((Source.POLICE_RECORDS, "P1", FATHER), (Source.POLICE_RECORDS, "P2", FATHER)),
    noise=pl.DataFrame(
        [("prison_extract", PRISONER, "nickname"), ("police_records", "P1", "wrong_pnc"), ("police_records", "P2", "wrong_pnc")],
        {"source": pl.String, "record_id": pl.String, "cause": pl.String},
        orient="row",
    ),
    hard_kinds=pl.DataFrame({"prisoner_number": [PRISONER], "kind": ["twin"]}),
)


def links(count: int = 1) -> pl.DataFrame:
    """The father's reception so many times."""
    of_father = receptions().with_columns(has_record=pl.lit(value=True), zone=pl.lit(RIGHT))
    return pl.concat([of_father.with_columns(reception_id=pl.lit(f"R{n}")) for n in range(count)])


def test_a_reception_belongs_to_its_hard_kinds_its_noise_and_its_person():
    assert sorted(memberships(WORLD, links()).drop("reception_id").iter_rows()) == [
        ("age_band", "35 to 44"),
        ("ethnic_group", "White"),
        ("hard_kind", "twin"),
        ("noise_in_a_police_record", "wrong_pnc"),
        ("noise_in_the_prison_record", "nickname"),
        ("sex", "M"),
    ]


def test_a_group_of_too_few_is_left_out():
    children = pl.DataFrame({"reception_id": ["R0"], "outcome": [MISSED]})
    assert groups(WORLD, links(FEWEST - 1), children) == ()


def test_a_figure_of_too_few_is_left_out_of_a_group_that_is_large_enough():
    children = pl.DataFrame({"reception_id": ["R0", "R1"], "outcome": [MISSED, TOLD]})
    twins = next(g for g in groups(WORLD, links(FEWEST), children) if g.group == "twin")
    assert [(line.key, line.figure.count, line.figure.of) for line in twins.lines] == [
        ("linked", FEWEST, FEWEST),
        ("link_in_review", 0, FEWEST),
        ("link_wrong", 0, FEWEST),
    ]


def test_children_are_counted_with_the_receptions_of_their_group():
    children = pl.DataFrame({"reception_id": ["R0", "R1", "elsewhere"] * 5, "outcome": [MISSED, TOLD, MISSED] * 5})
    twins = next(g for g in groups(WORLD, links(FEWEST), children) if g.group == "twin")
    assert {line.key: (line.figure.count, line.figure.of) for line in twins.lines if line.key.startswith("children")} == {
        "children_found": (5, 10),
        "children_missed": (5, 10),
    }
