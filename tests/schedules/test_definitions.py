"""What Dagster loads."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_dagster_loads_the_workspace(tmp_path):
    elsewhere = {"DAGSTER_HOME": str(tmp_path), "PARAMOUNT_DATA": str(tmp_path / "data"), "DAGSTER_DISABLE_TELEMETRY": "1"}
    validated = subprocess.run(
        [sys.executable, "-m", "dagster", "definitions", "validate", "-w", "workspace.yaml"],
        cwd=ROOT,
        env=os.environ | elsewhere,
        capture_output=True,
        text=True,
        check=False,
    )
    assert validated.returncode == 0, validated.stderr[-2000:]
    assert not (tmp_path / "data").exists()
