"""G: what is odd about the record, not about its value.

What is odd about a whole batch (G10 to G15: bombs, checksums, aborted transactions) is
in the tests that send batches.
"""

from tests.poison.poison import ACCEPTED, Poison, Row, good, stream


def _keyed(name: str, what: str, key: bytes | None, becomes: str) -> Poison:
    return Poison(name, what, (Row(key, good(name)),), becomes)


def _headed(name: str, what: str, *headers: tuple[str, bytes | None]) -> Poison:
    return Poison(
        name, what, (Row(stream(name).encode(), good(name), headers),), ACCEPTED
    )


KAFKA_LEVEL: list[Poison] = [
    _keyed("G1", "no key", None, "null_key"),
    _keyed("G2", "an empty key", b"", "key_mismatch"),
    Poison("G2b", "an empty stream", (Row(b"", good("G2b", stream_id="")),), "invalid"),
    _keyed("G3", "the key of another stream", b"poison-other", "key_mismatch"),
    _keyed("G4", "a key of half a megabyte", b"k" * 500_000, "key_mismatch"),
    _keyed("G5", "a key that is not UTF-8", b"\xff\xfe", "key_mismatch"),
    _keyed("G5b", "the key of our own position", b"\xffposition", "reserved_key"),
    _headed("G6", "10,000 headers", *((f"h{at}", b"v") for at in range(10_000))),
    _headed("G7", "a header twice", ("traceparent", b"00-1"), ("traceparent", b"00-2")),
    _headed("G8", "a header without a value", ("traceparent", None), ("x", None)),
    Poison(
        "G9",
        "a header whose name is not UTF-8",
        (Row(stream("G9").encode(), good("G9"), (("na\udcffme", b"1"),)),),
        "header_name",
    ),
    _headed("G9b", "a value of bytes", ("ce_type", b"\xff\xfe"), ("x", b"\0\n\r")),
    _headed("G9c", "a trace of a hundred kilobytes", ("traceparent", b"0" * 100_000)),
    Poison("G16", "no key and no value", (Row(None, None),), "null_key"),
    Poison(
        "G17",
        "many headers on what is rejected",
        (
            Row(
                b"other",
                good("G17"),
                tuple((f"h{at}", b"v" * 50) for at in range(10_000)),
            ),
        ),
        "key_mismatch",
    ),
]
