"""Every asset's key, what it reads and how it is checked, as they were when somebody last looked.

After a change that is meant: `python -m tests.architecture.test_asset_snapshot`, and look at the difference.
"""

import json
from pathlib import Path

import dagster as dg

from paramount_assets.pipeline import definitions_of
from paramount_assets.settings import Settings

ROOT = Path(__file__).parents[2]
SNAPSHOT = Path(__file__).with_name("asset_snapshot.json")
REFRESH = f"the assets are not those of {SNAPSHOT.name}; if that is meant: python -m {__package__}.{Path(__file__).stem}"


def snapshot() -> str:
    """One line per asset, sorted."""
    graph = definitions_of(Settings(root=ROOT)).resolve_asset_graph()
    lines = [
        f"{json.dumps(key.to_user_string())}: {json.dumps(_said_of(graph.get(key)))}"
        for key in sorted(graph.get_all_asset_keys())
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _said_of(node: dg.AssetSpec) -> dict[str, object]:
    return {
        "reads": sorted(key.to_user_string() for key in node.parent_keys),
        "checks": sorted(check.name for check in node.check_keys),
        "days": node.partitions_def is not None,
        "cadence": node.tags["cadence"],
    }


def test_the_assets_are_those_that_somebody_looked_at():
    assert snapshot() == SNAPSHOT.read_text(encoding="utf-8"), REFRESH


if __name__ == "__main__":
    SNAPSHOT.write_text(snapshot(), encoding="utf-8")
