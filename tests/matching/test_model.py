import pytest

from paramount_assets.matching.model import ModelAltered, ModelMissing, freeze, load_model
from tests.matching.people import documented_model, frozen_content


@pytest.fixture
def folder(tmp_path):
    freeze(tmp_path / "small", frozen_content(documented_model()), {"levels": []})
    return tmp_path / "small"


def test_a_frozen_model_is_read_as_it_was_written(folder):
    model = load_model(folder)
    assert frozen_content(model) == frozen_content(documented_model())
    assert load_model(folder, model.sha256) == model


def test_a_model_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ModelMissing, match="model nowhere has no MANIFEST"):
        load_model(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["model.json", "report.json"])
def test_a_model_that_lacks_a_file_is_refused(folder, name):
    (folder / name).unlink()
    with pytest.raises(ModelMissing, match=f"model small has no {name}"):
        load_model(folder)


@pytest.mark.parametrize("name", ["model.json", "report.json"])
def test_a_model_of_which_a_character_was_changed_is_refused(folder, name):
    (folder / name).write_text((folder / name).read_text() + " ")
    with pytest.raises(ModelAltered, match=f"{name} of model small is not the file that was frozen"):
        load_model(folder)


def test_a_file_that_the_manifest_does_not_list_is_not_trusted(folder):
    (folder / "MANIFEST").write_text("")
    with pytest.raises(ModelAltered):
        load_model(folder)


def test_a_model_frozen_anew_is_not_the_expected_one(folder):
    with pytest.raises(ModelAltered, match="is not the expected one"):
        load_model(folder, "0" * 64)
