"""F: times and counts that no clock tells."""

from tests.poison.poison import ACCEPTED, Poison, Row, good, of_fields, stream


def _spoken(name: str, what: str, *segments: dict[str, object]) -> Poison:
    key = stream(name).encode()
    return Poison(
        name, what, tuple(Row(key, good(name, **one)) for one in segments), ACCEPTED
    )


TIMES: list[Poison] = [
    of_fields(
        "F1", "sent in the year 9999", {"emitted_at": "9999-12-31T23:59:59Z"}, ACCEPTED
    ),
    of_fields(
        "F1b",
        "sent in the year 99999",
        {"emitted_at": "99999-01-01T00:00:00Z"},
        "invalid",
    ),
    of_fields(
        "F2", "nanoseconds as seconds", {"start_s": 1e15, "end_s": 1e15}, "invalid"
    ),
    of_fields(
        "F3", "seconds since 1970", {"start_s": 1.7e9, "end_s": 1.7e9}, "invalid"
    ),
    of_fields("F4", "before the stream began", {"start_s": -1.0}, "invalid"),
    of_fields("F5", "all at 0", {"start_s": 0, "end_s": 0}, ACCEPTED),
    of_fields("F6", "2^63 seconds", {"start_s": 2**63, "end_s": 2**63}, "invalid"),
    of_fields(
        "F8",
        "sent years before it came",
        {"emitted_at": "2020-01-01T00:00:00Z"},
        ACCEPTED,
    ),
    of_fields(
        "F8b",
        "begun in the year 1",
        {"stream_started_at": "0001-01-01T00:00:00Z"},
        ACCEPTED,
    ),
    of_fields(
        "F8c",
        "a time without its offset",
        {"emitted_at": "2026-01-01T00:00:00"},
        "invalid",
    ),
    _spoken(
        "F9",
        "one segment, two texts: the second revises",
        {"segment_id": "u1", "text": "Good morning."},
        {"segment_id": "u1", "text": "Good evening."},
    ),
    _spoken(
        "F10",
        "one count twice",
        {"sequence": 7, "text": "Good morning."},
        {"sequence": 7, "text": "Good morning."},
    ),
    _spoken(
        "F11",
        "counts with a hole",
        {"sequence": 1, "text": "Good morning."},
        {"sequence": 900, "text": "Good evening.", "start_s": 5.0, "end_s": 6.0},
    ),
    _spoken(
        "F12",
        "counts that begin anew",
        {"sequence": 900, "text": "Good morning."},
        {"sequence": 0, "text": "Good evening.", "start_s": 5.0, "end_s": 6.0},
    ),
    _spoken(
        "F13",
        "the far end of media time, then its beginning",
        {"start_s": 9_999_990.0, "end_s": 9_999_999.0, "text": "The end."},
        {"start_s": 0.0, "end_s": 1.0, "text": "The start."},
    ),
]
