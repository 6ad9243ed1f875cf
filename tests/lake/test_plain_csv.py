"""The quick reading of CSV gives what the slow one gives, or leaves the file to it."""

import csv

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from paramount_assets.lake.plain_csv import NotPlain, plain_blocks, plain_header
from paramount_assets.lake.reading import UnreadableFile, read_batches, shape_of

ALPHABET = st.sampled_from(["a", "é", ",", ",", '"', '""', "\n", "\n", "\r\n", "\r", "\0", " ", "\u2028", "\ufeff"])
TEXTS = st.lists(ALPHABET, max_size=40).map("".join)


def laid(folder, content):
    path = folder / "file.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def records(path):
    """Every record with its number as the platform reads it; those of another number of fields without their fields."""
    found = {}
    for batch in read_batches(path):
        found |= {row[0]: list(row[1:]) for row in batch.rows.iter_rows()} | dict.fromkeys(batch.misshapen)
    return found


def records_by_python(path):
    with path.open(encoding="utf-8-sig", newline="") as lines:
        header, *others = filter(None, csv.reader(lines))
    return {n: fields if len(fields) == len(header) else None for n, fields in enumerate(others, 1)}


@settings(derandomize=True, max_examples=600, deadline=None)
@given(body=TEXTS)
def test_whatever_the_file_holds_it_is_read_as_python_reads_it(tmp_path_factory, body):
    path = laid(tmp_path_factory.mktemp("csv"), "x,y\n" + body)
    expected = records_by_python(path)
    assert records(path) == expected
    assert shape_of(path).row_count == len(expected)


@pytest.mark.parametrize(
    "content",
    [
        b"x,y\n1,2\n3,4\n",
        b"x,y\r\n1,2\r\n3,4",
        b'x,y\n"a, b","c ""d"""\n"",\n',
        b'x,y\r\n"two\r\nlines",\r\n',
        b"\xef\xbb\xbfx,y\n1,2\n",
        b"x,y\n\n1,2\n\n\n3,4\n\n",
    ],
    ids=["plain", "no last newline", "quoted", "newline in quotes", "byte order mark", "blank lines"],
)
def test_a_file_that_keeps_the_standard_is_read_quickly(tmp_path, content):
    path = laid(tmp_path, content)
    rows = pl.concat(plain_blocks(path)).rows()
    assert {n: list(row) for n, row in enumerate(rows, 1)} == records_by_python(path)
    assert plain_header(path) == ("x", "y")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x\n1\n",
        b"x,x\n1,2\n",
        b'x,y\na "b" c,2\n',
        b'x,y\n"a"b,2\n',
        b'x,y\n"a,2\n',
        b"x,y\n1,2\r3,4\n",
        b"x,y\n1,\0\n",
        b"x,y\n1,\xff\n",
        b"x,y\n1\n",
    ],
    ids=[
        "empty", "one column", "a name twice", "quotes within a field", "text after a quote", "an open quote", "lone return",
        "NUL", "no UTF-8", "a field too few",
    ],
)  # fmt: skip
def test_a_file_that_might_be_read_in_two_ways_is_left_to_the_slow_reading(tmp_path, content):
    with pytest.raises(NotPlain):
        list(plain_blocks(laid(tmp_path, content)))


def test_where_a_large_file_stops_being_plain_the_slow_reading_goes_on(tmp_path, monkeypatch):
    monkeypatch.setattr("paramount_assets.lake.plain_csv._BLOCK_BYTES", 4096)
    lines = [f"{n},value" for n in range(5000)]
    lines[4000] = "a field too few"
    path = laid(tmp_path, "\n".join(["x,y", *lines]))
    assert records(path) == records_by_python(path)
    assert next(read_batches(path)).rows.height < 4000


def test_another_encoding_is_still_named(tmp_path):
    with pytest.raises(UnreadableFile, match="cp1252"):
        list(read_batches(laid(tmp_path, "x,y\nJosé,1\n".encode("cp1252"))))
