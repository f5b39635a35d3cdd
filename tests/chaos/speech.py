"""What is sent: talks of many streams as recognisers send them, and what is no use.

All from one seed. Each stream speaks, is interrupted, ends and begins again. Among its
segments are some that come twice, some that come late, and records that no worker can
use, each with the reason that must be given for it.
"""

import random
import time
from collections.abc import Iterator
from typing import NamedTuple

from schemas.codec import encode
from schemas.segment import CaptionSegment

DOUBLED, HELD_BACK, POISONED, ODD_TIME = 0.10, 0.05, 0.01, 0.03
_WORDS = (
    "the old mill stands by the river and nobody grinds there any more since the dam "
    "broke in winter but we still go to see it with the children on a warm evening"
).split()
_POISON = {
    "not_json": lambda stream, text: (stream, b"{" + text),
    "invalid": lambda stream, text: (
        stream,
        b'{"stream_id":"%s","text":7,"is_final":true,"provider":"%s"}' % (stream, text),
    ),
    "null_key": lambda stream, text: (
        None,
        b'{"stream_id":"%s","text":"%s","is_final":true}' % (stream, text),
    ),
    "null_value": lambda stream, _: (stream, None),
    "key_mismatch": lambda stream, text: (
        b"not-" + stream,
        b'{"stream_id":"%s","text":"%s","is_final":true}' % (stream, text),
    ),
}


class Spoken(NamedTuple):
    """One record to send."""

    key: bytes | None
    value: bytes | None
    timestamp_ms: int | None
    """None: now."""
    reason: str | None
    """Why it must be rejected."""


def speech(seed: int, streams: int) -> Iterator[Spoken]:
    """Yield records for ever."""
    dice = random.Random(seed)
    talks = [_talk(f"stream-{number}", dice) for number in range(streams)]
    held: list[Spoken] = []
    for number in range(2**62):
        stream = dice.randrange(streams)
        segment = next(talks[stream])
        key = segment.stream_id.encode()
        spoken = Spoken(key, encode(segment), _time(dice), None)
        if dice.random() < HELD_BACK:
            held.append(spoken)
        else:
            yield spoken
            if dice.random() < DOUBLED:
                yield spoken
        if len(held) > 3:
            yield held.pop(0)
        if dice.random() < POISONED:
            reason = dice.choice(sorted(_POISON))
            key, value = _POISON[reason](key, b"poison %d" % number)
            yield Spoken(key, value, None, reason)


def _time(dice: random.Random) -> int | None:
    """Return a producer's time that is off, now and then."""
    if dice.random() >= ODD_TIME:
        return None
    return int(time.time() * 1000) + dice.randrange(-5000, 5000)


def _talk(stream: str, dice: random.Random) -> Iterator[CaptionSegment]:
    at_s = 0.0
    for number in range(2**62):
        words = dice.choices(_WORDS, k=dice.randrange(2, 14))
        named = dice.random() < 0.7
        for count in (*range(2, len(words), 4), len(words)):
            final = count == len(words)
            text = " ".join(words[:count]) + ("." if final else "")
            yield CaptionSegment(
                stream_id=stream,
                text=text,
                is_final=final,
                segment_id=f"u{number}" if named else None,
                start_s=round(at_s, 3),
                end_s=round(at_s + 0.3 * count, 3),
                speaker=dice.choice(("ann", "bob", None)) if final else None,
            )
        at_s += 0.3 * len(words) + dice.choice((0.1, 0.5, 1.5))
        if number % 40 == 39:
            yield CaptionSegment(
                stream_id=stream, text="", is_final=True, end_of_stream=True
            )
            at_s = 0.0
