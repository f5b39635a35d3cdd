"""H: segments that are good, and mean harm to who shows, logs, counts or files them."""

import base64
import pickle

from tests.poison.poison import ACCEPTED, Poison, Row, good, of_texts, stream

_SLOW = [
    "a" * 5000 + "!",
    "(" * 4000,
    "a " * 2000 + "b",
    "x@" * 3000,
    "1" * 8000,
    "http://" + "a." * 3000,
    "'" * 6000,
    "-" * 6000 + "x",
    "\t \t " * 2000 + ".",
    "Mr. " * 2000,
]
"""What makes patterns go back again and again."""


def _named(name: str, what: str, stream_id: str, **more: object) -> Poison:
    value = good(name, stream_id=stream_id, **more)
    return Poison(name, what, (Row(stream_id.encode(), value),), ACCEPTED)


ABUSE: list[Poison] = [
    of_texts("H1", "a script", ["<script>alert(1)</script>"]),
    of_texts("H2", "an image with a script", ['"><img src=x onerror=alert(1)>']),
    of_texts("H3", "the end of a script", ["</script><script>alert(1)</script>"]),
    of_texts(
        "H4", "an event of its own for a page", ["data: x\n\nevent: y\nid: 9\n\n"]
    ),
    of_texts("H5", "ends of lines", ["a\rb\r\nc\x0bd\x0ce."]),
    of_texts("H6", "a line for the log", ["\n2026-11-25T10:00:00Z ERROR forged"]),
    of_texts("H7", "patterns of formats", ["%s%n%x {0.__class__} ${x} {{x}}"]),
    of_texts("H8", "a look-up for Java", ["${jndi:ldap://127.0.0.1/a}"]),
    _named("H9", "the end of a label", 'a"} 1\nx{t="', speaker='b"} 1\ny{t="'),
    Poison(
        "H10",
        "500 streams",
        tuple(
            Row(b"poison-H10-%d" % at, good("H10", stream_id=f"poison-H10-{at}"))
            for at in range(500)
        ),
        ACCEPTED,
    ),
    _named("H11", "a path as stream", "../../../../tmp/poison", speaker="../../x"),
    _named("H12", "a Kafka topic as stream", "__consumer_offsets"),
    of_texts("H13", "a formula", ["=cmd|'/C calc'!A0", "@SUM(1)", "+1", "-1"]),
    of_texts("H14", "what makes patterns slow", _SLOW),
    of_texts(
        "H15",
        "a pickle",
        [base64.b64encode(pickle.dumps(print)).decode()],
    ),
    of_texts("H16", "16 KiB without a space", ["x" * 16_384]),
    Poison(
        "H17",
        "many subjects in one stream",
        tuple(
            Row(
                stream("H17").encode(),
                good(
                    "H17",
                    text=f"So let's turn to subject number {at}.",
                    start_s=3.0 * at,
                    end_s=3.0 * at + 2,
                ),
            )
            for at in range(200)
        ),
        ACCEPTED,
    ),
    Poison(
        "H18",
        "10,000 names that nobody knows",
        (
            Row(
                stream("H18").encode(),
                good("H18", **{f"n{at * 2**20}": at for at in range(10_000)}),
            ),
        ),
        ACCEPTED,
    ),
    _named("H19", "a log line as stream", "x\n2026-11-25 ERROR\x1b[2J"),
]
