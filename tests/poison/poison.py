"""One entry of the poison corpus: records that no sound producer would send."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

ACCEPTED = "accepted"
"""Odd, but a segment: nothing of it is rejected."""
REFUSED_BY_KAFKA = "refused by Kafka"
"""The broker does not take it, so no worker ever sees it."""

Header = tuple[str, bytes | None]


class Row(NamedTuple):
    """One record, before it has a place in a log."""

    key: bytes | None
    value: bytes | None
    headers: tuple[Header, ...] = ()


class Poison(NamedTuple):
    """Records, and what has to become of each of them."""

    name: str
    """The group's letter and a number, such as ``B4``."""
    what: str
    rows: tuple[Row, ...]
    becomes: str
    """The reason of its rejection, `ACCEPTED` or `REFUSED_BY_KAFKA`."""
    over_kafka: bool = True
    """Whether it fits into a record on a Kafka with its defaults."""

    def __str__(self) -> str:
        return self.name


def stream(name: str) -> str:
    """Return the stream of an entry; none shares one with its neighbours."""
    return f"poison-{name}"


def fields(name: str, **more: Any) -> dict[str, Any]:
    """Return the fields of a good segment, with others over them."""
    return {
        "stream_id": stream(name),
        "text": "The spoken canary sings.",
        "is_final": True,
        "start_s": 1.0,
        "end_s": 2.5,
    } | more


def good(name: str, **more: Any) -> bytes:
    """Return a good segment as JSON."""
    return json.dumps(fields(name, **more)).encode()


def one(name: str, what: str, value: bytes | None, becomes: str, **more: Any) -> Poison:
    """Make an entry of one value under the key of its own stream."""
    return Poison(name, what, (Row(stream(name).encode(), value),), becomes, **more)


def of_fields(name: str, what: str, changed: Mapping[str, Any], becomes: str) -> Poison:
    """Make an entry of a segment with some fields changed."""
    return one(name, what, good(name, **changed), becomes)


def of_texts(name: str, what: str, texts: Iterable[str]) -> Poison:
    """Make an entry of segments that say these texts, one after the other."""
    key = stream(name).encode()
    rows = [
        Row(key, good(name, text=text, start_s=4.0 * at, end_s=4.0 * at + 3))
        for at, text in enumerate(texts)
    ]
    return Poison(name, what, tuple(rows), ACCEPTED)
