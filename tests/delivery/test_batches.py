"""Batches of records, sound and hostile, as the worker's consumers read them."""

import struct
import time
from itertools import islice

import cramjam
import pytest
from aiokafka.consumer import fetcher
from aiokafka.consumer.fetcher import READ_COMMITTED
from aiokafka.structs import TopicPartition
from hypothesis import given
from hypothesis import strategies as st

from tests.kafka_batches import HEAD, ODD, PACK, STAND_IN, batch, odd, packed, sealed
from workers.delivery.batches import MAX_BATCH_BYTES, Batches, read_carefully
from workers.delivery.records import Record
from workers.delivery.unreadable import bytes_of, fault_of

read_carefully()


def read(data, since=0):
    """Read as aiokafka's fetcher does; return the records and where to go on."""
    records = records_of(data, since)
    return list(records), records.next_fetch_offset


def records_of(data, since=0):
    return fetcher.PartitionRecords(
        TopicPartition("in", 0),
        Batches(data),
        [],
        since,
        None,
        None,
        True,
        READ_COMMITTED,
    )


def rows_of(records):
    return [(record.key, record.value, tuple(record.headers)) for record in records]


ROWS = [
    (b"a", b"first", ()),
    (b"b", b"second", (("traceparent", b"00"), ("none", None))),
    (None, None, (("", b""),)),
]
HEADERS = st.lists(
    st.tuples(st.text(max_size=8), st.none() | st.binary(max_size=8)), max_size=4
).map(tuple)
ANY_ROWS = st.lists(
    st.tuples(
        st.none() | st.binary(max_size=20), st.none() | st.binary(max_size=60), HEADERS
    ),
    min_size=1,
    max_size=12,
)


@given(ANY_ROWS, st.sampled_from([0, *PACK]), st.integers(0, 2**40))
def test_what_a_sound_producer_writes_is_read_as_it_was_written(rows, codec, first):
    data = batch(rows, first)
    records, end = read(packed(data, codec) if codec else data, first)
    assert rows_of(records) == [tuple(row) for row in rows]
    assert all(type(record) is Record for record in records)
    assert [record.offset for record in records] == list(
        range(first, first + len(rows))
    )
    assert [record.timestamp for record in records] == list(
        range(1000, 1000 + len(rows))
    )
    assert end == first + len(rows)
    assert all(fault_of(record.headers) is None for record in records)


@given(ANY_ROWS, st.integers(1, 5))
def test_what_is_taken_a_few_at_a_time_is_all_of_it_in_order(rows, most):
    records = records_of(batch(rows, 7) + batch(rows, 7 + len(rows)), 7)
    taken = []
    while part := list(islice(records, most)):
        assert records.next_fetch_offset == part[-1].offset + 1
        taken += part
    assert rows_of(taken) == [tuple(row) for row in rows] * 2
    assert records.next_fetch_offset == 7 + 2 * len(rows)


@pytest.mark.parametrize("codec", [0, *PACK])
def test_a_header_whose_name_is_not_utf8_costs_its_own_record_only(codec):
    rows = [*ROWS, (b"c", b"third", ((STAND_IN, b"1"), ("ok", b"2"))), *ROWS]
    data = odd(batch(rows))
    data = packed(data, codec) if codec else data
    records, end = read(data)
    assert end == len(rows)
    found = records.pop(len(ROWS))
    assert rows_of(records) == [*ROWS, *ROWS]
    assert (found.key, found.value) == (b"c", b"third")
    assert [(bytes_of(name), value) for name, value in found.headers] == [
        (ODD, b"1"),
        (b"ok", b"2"),
    ]
    assert fault_of(found.headers).reason == "header_name"
    assert not any(fault_of(record.headers) for record in records)


@given(ANY_ROWS, st.data())
def test_the_careful_reading_agrees_with_that_of_aiokafka(rows, data):
    strange = (b"odd", b"", ((STAND_IN, b""),))
    at = data.draw(st.integers(0, len(rows)))
    written = batch([*rows[:at], strange, *rows[at:]])
    sound, _ = read(written)
    careful, _ = read(odd(written))
    del sound[at], careful[at]
    if all(STAND_IN.encode() not in row[1] for row in rows if row[1]):
        assert careful == sound


@pytest.mark.parametrize("codec", PACK)
def test_a_batch_that_unpacks_to_too_much_becomes_one_record_with_its_bytes(codec):
    bomb = sealed(batch(ROWS), codec, bytes(PACK[codec](bytes(MAX_BATCH_BYTES + 1))))
    good = batch(ROWS, first=3)
    records, end = read(bomb + good)
    assert end == 6
    assert rows_of(records[1:]) == ROWS
    stands = records[0]
    assert (stands.key, stands.value, stands.offset) == (None, bomb, 2)
    fault = fault_of(stands.headers)
    assert fault.reason == "batch_too_large"
    assert fault.error.startswith("offsets 0 to 2, a batch of 3: ")


@pytest.mark.parametrize("codec", PACK)
def test_as_much_as_a_batch_may_unpack_to_is_read(codec):
    value = bytes(MAX_BATCH_BYTES - 100)
    records, _ = read(packed(batch([(b"k", value, ())]), codec))
    assert rows_of(records) == [(b"k", value, ())]


def test_it_is_seen_wherever_in_its_batch_a_fetch_begins():
    bomb = sealed(batch(ROWS), 4, bytes(PACK[4](bytes(MAX_BATCH_BYTES + 1))))
    for since in range(3):
        records, end = read(bomb, since)
        assert [record.offset for record in records] == [2]
        assert end == 3
    assert read(bomb, 3) == ([], 3)


def test_blocks_of_snappy_as_java_writes_them_are_read_and_bounded():
    head = b"\x82SNAPPY\x00" + struct.pack(">ii", 1, 1)

    def blocks(*parts):
        packs = [bytes(cramjam.snappy.compress_raw(part)) for part in parts]
        return head + b"".join(struct.pack(">i", len(one)) + one for one in packs)

    data = batch(ROWS)
    whole = data[HEAD:]
    records, _ = read(sealed(data, 2, blocks(whole[:20], whole[20:])))
    assert rows_of(records) == ROWS
    half = bytes(MAX_BATCH_BYTES // 2 + 1)
    records, _ = read(sealed(data, 2, blocks(half, half)))
    assert fault_of(records[0].headers).reason == "batch_too_large"
    # A block of length -4 would be read for ever by who goes on behind it.
    records, _ = read(sealed(data, 2, head + struct.pack(">i", -4)))
    assert fault_of(records[0].headers).reason == "batch_unreadable"


@given(st.sampled_from([0, *PACK, 5, 7]), st.binary(max_size=200))
def test_a_batch_of_any_bytes_is_read_to_its_end(codec, records):
    hostile = sealed(batch(ROWS), codec, records)
    found, end = read(hostile + batch(ROWS, first=3))
    assert end == 6
    assert rows_of(found[-3:]) == ROWS
    assert all(fault_of(record.headers) is None for record in found[-3:])


@given(st.integers(HEAD, 200), st.integers(0, 255))
def test_a_byte_changed_anywhere_loses_no_other_batch(at, byte):
    data = bytearray(batch(ROWS))
    data[min(at, len(data) - 1)] = byte
    found, end = read(sealed(data) + batch(ROWS, first=3))
    assert end == 6
    assert rows_of(found[-3:]) == ROWS


def test_a_bomb_takes_no_longer_to_refuse_than_a_full_batch_to_read():
    full = packed(batch([(b"k", bytes(MAX_BATCH_BYTES - 100), ())]), 4)
    bomb = sealed(batch(ROWS), 4, bytes(PACK[4](bytes(32 * MAX_BATCH_BYTES))))
    times = []
    for data in (full, bomb):
        tries = []
        for _ in range(5):
            began = time.perf_counter()
            read(data)
            tries.append(time.perf_counter() - began)
        times.append(min(tries))
    assert times[1] < 3 * times[0]
