import stat

import pytest

from paramount_assets.ledger import KeyUnusable, Pseudonyms, read_or_make_key, write_key
from paramount_assets.ledger.keys import KEY_FILE
from tests.ledger.made import KEY


def test_a_key_is_made_on_first_use_for_its_owner_only(tmp_path):
    folder = tmp_path / "ledger"
    made = read_or_make_key(folder)
    assert stat.S_IMODE((folder / KEY_FILE).stat().st_mode) == 0o600
    assert read_or_make_key(folder).of("kind", "value") == made.of("kind", "value")
    assert [file.name for file in folder.iterdir()] == [KEY_FILE]


def test_a_key_written_beforehand_is_used_and_never_replaced(tmp_path):
    write_key(tmp_path, KEY)
    write_key(tmp_path, bytes(32))
    assert read_or_make_key(tmp_path) == Pseudonyms(KEY)


@pytest.mark.parametrize("content", ["", "not a key", "ab" * 31])
def test_a_damaged_key_is_refused_and_never_replaced(tmp_path, content):
    (tmp_path / KEY_FILE).write_text(content)
    with pytest.raises(KeyUnusable, match="restore it from the backup"):
        read_or_make_key(tmp_path)
    assert (tmp_path / KEY_FILE).read_text() == content


def test_one_value_under_two_kinds_or_two_keys_gives_unrelated_pseudonyms():
    one, other = Pseudonyms(KEY), Pseudonyms(bytes(32))
    assert len({one.of("a", "v"), one.of("b", "v"), other.of("a", "v"), one.of("a", "w")}) == 4


def test_the_key_is_not_shown_when_the_pseudonyms_are_printed():
    assert KEY.hex() not in repr(Pseudonyms(KEY))
    assert str(KEY) not in repr(Pseudonyms(KEY))


def test_an_identifier_has_one_pseudonym_whatever_column_it_stands_in():
    pseudonyms = Pseudonyms(KEY)
    assert pseudonyms.of_identifier("A1234BC") == pseudonyms.of("identifier", "A1234BC")
    assert pseudonyms.of_identifier("A1234BC") != pseudonyms.of("reference", "A1234BC")
