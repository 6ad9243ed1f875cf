"""Bytes to records: what was written is read, record by record and character for character."""

import csv
import io
import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from paramount_assets.lake.reading import fields_of, in_batches, read_batches, read_records, shape_of

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
ROWS = st.lists(st.lists(TEXT, min_size=2, max_size=3), max_size=8)


def written(folder, rows, line_end="\r\n"):
    text = io.StringIO(newline="")
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator=line_end).writerows([["a", "b"], *rows])
    path = folder / "file.csv"
    path.write_bytes(text.getvalue().encode())
    return path


@settings(derandomize=True, max_examples=100)
@given(rows=ROWS, line_end=st.sampled_from(["\n", "\r\n"]))
def test_what_is_written_as_csv_is_read_back(tmp_path_factory, rows, line_end):
    path = written(tmp_path_factory.mktemp("csv"), rows, line_end)
    texts = list(read_records(path))
    assert shape_of(path).row_count == len(rows)
    assert "".join(text + line_end for text in texts).encode() == path.read_bytes()
    assert list(fields_of(texts)) == [["a", "b"], *rows]


@settings(derandomize=True, max_examples=50)
@given(rows=ROWS)
def test_every_record_is_either_laid_out_or_misshapen(tmp_path_factory, rows):
    batches = list(read_batches(written(tmp_path_factory.mktemp("csv"), rows)))
    numbers = [n for batch in batches for n in batch.rows["line_number"].to_list() + batch.misshapen]
    assert sorted(numbers) == list(range(1, len(rows) + 1))
    assert [n for batch in batches for n in batch.misshapen] == [n for n, row in enumerate(rows, 1) if len(row) == 3]


def test_a_lone_line_separator_of_unicode_ends_no_record(tmp_path):
    path = tmp_path / "file.csv"
    path.write_bytes("a,b\nx\u2028y,z\x0b\n".encode())
    assert list(fields_of(read_records(path))) == [["a", "b"], ["x\u2028y", "z\x0b"]]


def test_no_records_are_no_batches():
    assert list(in_batches(["a"], iter([]), itertools.count(1))) == []
