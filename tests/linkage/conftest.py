from pathlib import Path

import pytest

from paramount_assets.matching.model import freeze
from tests.matching.people import documented_model, frozen_content


@pytest.fixture(scope="session")
def model(tmp_path_factory) -> Path:
    """The folder of a frozen model with the documented weights."""
    folder = tmp_path_factory.mktemp("models") / "documented"
    freeze(folder, frozen_content(documented_model()), {"levels": []})
    return folder
