"""What counts as a reception, said in two places that must agree."""

import re
from pathlib import Path

from paramount_assets.prison.contract import ADMISSION_REASONS
from paramount_assets.vocabulary import RECEPTION_REASONS

SQL = Path(__file__).parents[2] / "dbt_like_sql/prison/receptions.sql"


def reasons_in_sql():
    text = re.sub(r"--.*", "", SQL.read_text(encoding="utf-8"))
    listed = re.search(r"movement_reason_code in \((.*?)\)", text, re.DOTALL)
    return re.findall(r"'(\w+)'", listed.group(1))


def test_the_sql_lists_exactly_the_reasons_of_the_vocabulary():
    assert sorted(reasons_in_sql()) == sorted(RECEPTION_REASONS)


def test_transfers_and_stopovers_are_admissions_and_no_receptions():
    assert sorted(ADMISSION_REASONS - RECEPTION_REASONS) == ["INT", "Q", "S", "TRNCRT", "TRNTAP", "Z"]
