"""What a process keeps of the frames that it read."""

import polars as pl

from paramount_assets.lake.store import _FramesKept


def written(folder, name, rows):
    file = folder / f"{name}.parquet"
    pl.DataFrame({"number": range(rows)}).write_parquet(file)
    return file


def test_a_frame_is_read_once_while_it_is_kept(tmp_path):
    kept = _FramesKept(most_bytes=10_000)
    file = written(tmp_path, "a", 10)
    assert kept.read(file) is kept.read(file)


def test_the_frame_that_was_read_longest_ago_gives_way(tmp_path):
    kept = _FramesKept(most_bytes=2_000)
    a, b, c = (written(tmp_path, name, 100) for name in "abc")
    first, second = kept.read(a), kept.read(b)
    assert kept.read(a) is first
    kept.read(c)
    assert kept.read(a) is first
    assert kept.read(b) is not second


def test_a_frame_larger_than_the_bound_is_read_and_not_kept(tmp_path):
    kept = _FramesKept(most_bytes=100)
    file = written(tmp_path, "a", 1000)
    frame = kept.read(file)
    assert frame.height == 1000
    assert kept.read(file) is not frame
