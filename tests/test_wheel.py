"""The package as others install it: complete, and at home without the project's folder around it."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def contents(wheel) -> set[str]:
    with zipfile.ZipFile(wheel) as opened:
        return {name for name in opened.namelist() if ".dist-info/" not in name}


def test_every_sql_file_every_suite_and_the_reference_data_are_in_it(contents):
    for folder in ("dbt_like_sql", "expectations", "data/reference"):
        files = {str(f.relative_to(ROOT)) for f in (ROOT / folder).rglob("*.*") if f.is_file()}
        inside = {name.removeprefix("paramount_assets/_project/") for name in contents if f"_project/{folder}/" in name}
        assert files == inside


@pytest.mark.parametrize(
    "file",
    ["py.typed", "forces/thames_valley.toml", "lake/columns.toml", "synthetic/names.csv", "synthetic/nicknames.csv"],
)
def test_what_the_code_reads_is_in_it(contents, file):
    assert f"paramount_assets/{file}" in contents


def test_every_frozen_model_is_in_it(contents):
    models = {str(f.relative_to(ROOT)) for f in (ROOT / "paramount_assets/linkage/models").rglob("*") if f.is_file()}
    assert len(models) >= 3
    assert models <= contents


def test_dagsters_configuration_is_in_it_so_that_no_copy_sends_telemetry(contents):
    assert "paramount_assets/_project/dagster.yaml" in contents
    assert "telemetry:\n  enabled: false" in (ROOT / "dagster.yaml").read_text()


def test_nothing_else_is_in_it(contents):
    assert {name.split("/")[0] for name in contents} == {"paramount_assets"}
    assert {Path(name).suffix for name in contents} <= {".py", ".typed", ".toml", ".csv", ".json", ".sql", ".md", ".yaml", ""}


def test_installed_elsewhere_it_finds_its_chain(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(tmp_path / "site")
    code = (
        "import paramount_assets\n"
        "from paramount_assets.chain import catalogue_of\n"
        "from paramount_assets.settings import Settings\n"
        "tables = list(catalogue_of(Settings.read()))\n"
        "print(paramount_assets.__file__, len(tables), sum(t.sql_file is not None for t in tables))\n"
    )
    (tmp_path / "elsewhere").mkdir()
    asked = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path / "elsewhere",
        env={"PYTHONPATH": str(tmp_path / "site"), "PATH": ""},
        check=True,
        capture_output=True,
        text=True,
    )
    file, tables, from_sql = asked.stdout.split()
    assert file.startswith(str(tmp_path / "site"))
    assert int(from_sql) == len(list((ROOT / "dbt_like_sql").rglob("*.sql")))
    assert int(tables) == len(list((ROOT / "expectations").rglob("*.json")))
