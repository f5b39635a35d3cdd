"""The tables of `bench footprint`: what is divided by what."""

from types import SimpleNamespace

from workers.bench.footprint import RECORD_BYTES, Footprint, _bytes, tables

MERGE = Footprint("merge", 4000.0, 0.8, 100 * 2**20, 140 * 2**20, 40.0, 120_000.0)
SIZES = {
    "segments.v1": (4000, 1_200_000),
    "cues.v1": (400, 200_000),
    "topics.v1": (0, 0),
}


def test_cpu_is_told_by_the_record_and_state_and_memory_by_the_stream():
    [row] = tables([MERGE], SIZES, 4000)["agents"].records()
    assert row == {
        "agent": "merge",
        "records": 4000,
        "CPU µs a record": 200,
        "state bytes a stream": 3000,
        "memory MiB idle": 100,
        "memory MiB": 140,
        "memory KiB a stream": 1024.0,
    }


def test_what_is_written_is_told_by_the_segment_and_nothing_of_what_is_empty():
    rows = tables([MERGE], SIZES, 4000)["kafka"].records()
    assert [row["Kafka topic"] for row in rows] == ["segments.v1", "cues.v1"]
    assert rows[1]["records a segment"] == 0.1
    assert rows[1]["bytes a record"] == 500
    assert rows[1]["bytes a segment"] == 50


def test_a_record_is_as_large_as_its_parts():
    record = SimpleNamespace(key=b"abc", value=None, headers=[("name", b"value")])
    assert _bytes(record) == 3 + 4 + 5 + RECORD_BYTES
