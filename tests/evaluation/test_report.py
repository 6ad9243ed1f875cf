"""The measurement for machines and for eyes."""

import io
import json

import pytest
from rich.console import Console

from paramount_assets.evaluation import Evaluation, as_grids, as_json
from paramount_assets.evaluation.figures import ErrorRate, Group, Line, Section, Share
from paramount_assets.evaluation.released import Days

GROUP = (
    Line("linked", "linked", Share(9, 10)),
    Line("link_in_review", "in review", Share(1, 10)),
    Line("link_wrong", "wrong", ErrorRate(0, 10)),
)
LINES = (
    Line("found", "found eligible", Share(3, 4)),
    Line("in_review", "waits for a person", Share(0, 4)),
    Line("wrong_door", "wrong door", ErrorRate(0, 4)),
)

NONE = (Line("x", "x", Share(0, 0)),)


def measured(**changed) -> Evaluation:
    given = {
        "world": {"seed": 7, "preset": "tiny"},
        "model": "2026-11-22",
        "days": Days(("2025-11-03",), ("2025-11-04",), ()),
        "receptions": 12,
        "sections": (Section("children", "Children", "children", LINES), Section("none", "Nobody", "nobody", NONE)),
        "groups": (Group("hard_kind", "no_fixed_abode", GROUP), Group("sex", "F", GROUP)),
    }  # fmt: skip
    return Evaluation(**(given | changed))


def printed(**options) -> str:
    console = Console(file=io.StringIO(), width=80, highlight=False)
    console.print(as_grids(measured(), **options))
    return console.file.getvalue()


def test_the_json_has_every_figure_with_its_interval_or_bound():
    record = json.loads(as_json(measured()))
    assert record["figures"]["children"]["lines"] == {
        "found": {"count": 3, "of": 4, "share": 0.75, "interval": [0.300642, 0.954413]},
        "in_review": {"count": 0, "of": 4, "share": 0.0, "interval": [0.0, 0.489891]},
        "wrong_door": {"count": 0, "of": 4, "share": 0.0, "at_most": 0.527129},
    }
    assert record["groups"]["hard_kind"]["no_fixed_abode"]["linked"]["count"] == 9
    assert record["days"] == {"evaluated": ["2025-11-03"], "held": ["2025-11-04"], "not_run": []}
    assert (record["format"], record["world"], record["model"], record["receptions"]) == (
        1,
        {"seed": 7, "preset": "tiny"},
        "2026-11-22",
        12,
    )


def test_the_same_measurement_gives_the_same_bytes_with_sorted_keys():
    text = as_json(measured())
    assert text == as_json(measured(world={"preset": "tiny", "seed": 7}))
    assert text == json.dumps(json.loads(text), indent=2, sort_keys=True) + "\n"


def test_the_terminal_leaves_out_shares_of_none_and_never_an_error_rate():
    shown = printed()
    assert "found eligible" in shown
    assert "waits for a person" not in shown
    assert "wrong door" in shown
    assert "Nobody" not in shown


def test_a_block_of_shares_of_none_shows_them():
    alone = Line("alone_flagged", "flagged urgent", Share(0, 3)), *NONE
    grids = as_grids(measured(sections=(Section("urgency", "Left without an adult", "children", alone),)))
    console = Console(file=io.StringIO(), width=80, highlight=False)
    console.print(grids)
    lines = [line.split() for line in console.file.getvalue().splitlines()]
    assert ["flagged", "urgent", "0", "3", "0.0", "%"] in [line[:6] for line in lines]
    assert not any(line[:1] == ["x"] for line in lines)


def test_a_held_day_is_named():
    assert "2025-11-04" in printed()


@pytest.mark.parametrize("with_groups", [False, True])
def test_hard_kinds_are_always_shown_and_other_groups_when_asked_for(with_groups):
    shown = printed(with_groups=with_groups)
    assert "By hard kind" in shown
    assert ("By sex" in shown) is with_groups


def test_it_fits_a_terminal_of_eighty_columns():
    assert max(len(line) for line in printed(with_groups=True).splitlines()) <= 80
    assert "…" not in printed(with_groups=True)
