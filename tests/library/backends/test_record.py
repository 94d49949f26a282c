"""Records, tokens and marks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keepcart.backends import Corrupt, Record, new_origin, stamp
from keepcart.backends.record import ALPHABET

ORIGINS = st.text(ALPHABET, min_size=6, max_size=6)
COUNTS = st.integers(0, 64**5 - 1)
STAMPS = st.builds(stamp, ORIGINS, COUNTS)
RECORDS = st.builds(Record, STAMPS, st.lists(STAMPS, max_size=16).map(tuple), st.binary())


@given(RECORDS)
def test_a_record_is_read_back_as_it_was_written(record: Record) -> None:
    assert Record.decode(record.encode()) == record


@given(st.binary())
def test_any_bytes_are_a_record_or_corrupt_and_nothing_else(raw: bytes) -> None:
    try:
        again = Record.decode(raw).encode()
    except Corrupt as corrupt:
        again = corrupt.raw or b""
    assert again == raw


@given(RECORDS, st.integers(0, 10))
def test_a_record_cut_off_in_its_head_is_corrupt(record: Record, keep: int) -> None:
    with pytest.raises(Corrupt):
        Record.decode(record.encode()[:keep])


def test_the_stored_form_is_token_and_marks_a_line_feed_and_the_body() -> None:
    record = Record("aaaaaa00001", ("bbbbbb00002", "cccccc00003"), b'[1,"x"]')
    assert record.encode() == b'aaaaaa00001 bbbbbb00002 cccccc00003\n[1,"x"]'


@given(ORIGINS, st.sets(COUNTS, min_size=2, max_size=20))
def test_stamps_of_one_origin_have_11_characters_and_are_all_different(origin: str, counts: set[int]) -> None:
    stamps = {stamp(origin, count) for count in counts}
    assert len(stamps) == len(counts)
    assert all(len(each) == 11 and each.startswith(origin) for each in stamps)


def test_a_count_wraps_after_64_to_the_fifth() -> None:
    assert stamp("aaaaaa", 64**5) == stamp("aaaaaa", 0)


def test_origins_are_six_random_characters() -> None:
    origins = {new_origin() for _ in range(1_000)}
    assert len(origins) == 1_000
    assert all(len(origin) == 6 and set(origin) <= set(ALPHABET) for origin in origins)


def test_the_first_version_after_nothing_has_a_token_that_none_had_before() -> None:
    """Not even after the document expired: its origin is drawn anew."""
    tokens = {Record.after(None, stamp("aaaaaa", 0), b"").token for _ in range(1_000)}
    assert len(tokens) == 1_000


@given(ORIGINS, COUNTS)
def test_the_token_of_the_next_version_counts_one_more(origin: str, count: int) -> None:
    record = Record.after(Record(stamp(origin, count), (), b""), stamp("aaaaaa", 0), b"")
    assert record.token == stamp(origin, count + 1)


@given(RECORDS, st.integers(1, 200))
def test_no_version_has_the_token_of_an_earlier_one(record: Record, versions: int) -> None:
    tokens = {record.token}
    for count in range(versions):
        record = Record.after(record, stamp("aaaaaa", count), b"")
        tokens.add(record.token)
    assert len(tokens) == versions + 1


@given(RECORDS, STAMPS, st.binary())
def test_the_next_version_carries_the_mark_of_its_change_last(record: Record, mark: str, body: bytes) -> None:
    successor = Record.after(record, mark, body)
    assert successor.marks[-1] == mark
    assert successor.body == body
    assert len(successor.encode()) <= len(body) + 1 + 17 * 12


@given(st.lists(st.sampled_from("abcdefghijklmnopqrst"), min_size=1, max_size=200))
def test_of_each_of_the_last_16_writers_the_newest_mark_is_kept(writers: list[str]) -> None:
    record: Record | None = None
    newest: dict[str, str] = {}
    for count, writer in enumerate(writers):
        mark = stamp(writer * 6, count)
        newest.pop(writer, None)
        newest[writer] = mark
        record = Record.after(record, mark, b"")
    assert record is not None
    assert list(record.marks) == list(newest.values())[-16:]
