"""D and E: too large, too deep, or not the fields that a segment has."""

import json

from tests.poison.poison import (
    ACCEPTED,
    Poison,
    Row,
    fields,
    good,
    of_fields,
    one,
    stream,
)

MAX_RECORD_BYTES = 1_048_588
"""What Kafka takes by default: one batch, with its head and its record's."""
_AROUND = 120
"""Bytes of a batch and a record around key and value, at most."""


def _deep(name: str, depth: int) -> bytes:
    inside = b'{"a":' * depth + b"1" + b"}" * depth
    return good(name)[:-1] + b',"other":%b}' % inside


def _padded(name: str, size: int) -> bytes:
    value = good(name, text="x")
    return value.replace(b'"x"', b'"%b"' % (b"x" * (size - len(value) + 1)))


def _many_keys(name: str, count: int) -> bytes:
    more = b",".join(b'"k%d":%d' % (at, at) for at in range(count))
    return good(name)[:-1] + b",%b}" % more


SIZES: list[Poison] = [
    one("D1", "700 levels in a field nobody knows", _deep("D1", 700), ACCEPTED),
    one("D2", "1,024 levels", _deep("D2", 1024), "not_json"),
    one("D3", "1,025 levels", _deep("D3", 1025), "not_json"),
    one("D4", "100,000 levels", _deep("D4", 100_000), "not_json"),
    one(
        "D5",
        "5,000,000 brackets",
        good("D5")[:-1] + b',"other":' + b"[" * 5_000_000,
        "invalid",
        over_kafka=False,
    ),
    one("D6", "300,000 keys", _many_keys("D6", 300_000), "invalid", over_kafka=False),
    one("D6b", "20,000 keys", _many_keys("D6b", 20_000), ACCEPTED),
    one("D7", "a text of a million letters", _padded("D7", 1_000_000), "invalid"),
    one(
        "D8",
        "as large as Kafka takes",
        _padded("D8", MAX_RECORD_BYTES - _AROUND),
        "invalid",
    ),
    one("D9", "a text of 64 KiB and a byte", _padded("D9", 65_537), "invalid"),
    one(
        "D10",
        "100,000 words",
        good("D10", words=[{"text": "w"}] * 100_000),
        "invalid",
        over_kafka=False,
    ),
    one("D10b", "2,001 words", good("D10b", words=[{"text": "w"}] * 2001), "invalid"),
    one("D11", "a key without a name", good("D11")[:-1] + b',"":1}', ACCEPTED),
    Poison(
        "D12",
        "a key of a megabyte",
        (Row(b"k" * 1_000_000, good("D12")),),
        "key_mismatch",
    ),
    one("D13", "8,192 words in 16 KiB", good("D13", text="x " * 8192), ACCEPTED),
    one("D14", "a name of 257 bytes", good("D14", speaker="s" * 257), "invalid"),
    one(
        "D15",
        "a name of 256 characters, 512 bytes",
        good("D15", speaker="é" * 256),
        "invalid",
    ),
]


def _without(name: str, *left_out: str) -> bytes:
    kept = {key: value for key, value in fields(name).items() if key not in left_out}
    return json.dumps(kept).encode()


SHAPES: list[Poison] = [
    one("E1", "no stream", _without("E1", "stream_id"), "invalid"),
    one("E2", "no text", _without("E2", "text"), "invalid"),
    one("E2b", "not said whether it is final", _without("E2b", "is_final"), "invalid"),
    one(
        "E3", "no times, which is allowed", _without("E3", "start_s", "end_s"), ACCEPTED
    ),
    of_fields("E4", "a number as text", {"text": 5}, "invalid"),
    of_fields("E5", "a list as text", {"text": ["a"]}, "invalid"),
    of_fields("E6", "a string as time", {"start_s": "1"}, "invalid"),
    of_fields("E7", "a time between milliseconds", {"start_s": 1.0005}, ACCEPTED),
    of_fields("E8", "true as a number", {"sequence": True}, "invalid"),
    of_fields("E8b", "1 as true", {"is_final": 1}, "invalid"),
    of_fields("E9", "a count below 0", {"sequence": -1}, "invalid"),
    of_fields("E10", "an end before its start", {"start_s": 3.0}, "invalid"),
    of_fields("E11", "no length", {"end_s": 1.0}, ACCEPTED),
    of_fields("E12", "a language nobody speaks", {"language": "xx-klingon"}, ACCEPTED),
    of_fields(
        "E13", "another kind of message", {"type": "CaptionSegmentV2"}, "invalid"
    ),
    of_fields("E14", "a version, which is no field", {"version": "2"}, ACCEPTED),
    of_fields(
        "E15",
        "names that JavaScript takes for its own",
        {"__proto__": {"a": 1}, "constructor": {"prototype": 1}},
        ACCEPTED,
    ),
    Poison(
        "E16",
        "names in another case",
        (
            Row(
                stream("E16").encode(),
                b'{"Stream_Id":"poison-E16","TEXT":"x","Is_Final":true}',
            ),
        ),
        "invalid",
    ),
    of_fields("E17", "a mode nobody knows", {"mode": "prepend"}, "invalid"),
]
