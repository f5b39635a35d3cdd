"""What all peers are sent: 200 live streams, the same at each run, with the answers.

An utterance is five growing guesses and a final. One guess in fifty is sent again after
a newer one, three utterances in a hundred have a guess after their final.
"""

import random
from collections.abc import Iterator
from typing import Any, NamedTuple

import orjson

from tests.bench.peers.job import step

STREAMS = 200
_GUESSES = 5
_STALE = 0.02
_LATE = 0.03
_WORDS = (
    "the of and to a in that is was it for on with as be at by this had not are but "
    "from or have an they which one you were all her she there would their we him been "
    "has when who will no more if out so said what up its about than into them can only"
    " other time new some could these two may first then do any like my now over such "
    "our man me even most made after also did many before must through years"
).split()


class Sent(NamedTuple):
    """One segment, and the caption it has to bring about."""

    key: bytes
    value: bytes
    caption: dict[str, Any] | None


def segments(count: int) -> Iterator[Sent]:
    """Yield so many segments, of all streams in turn."""
    dice = random.Random(1)
    streams = [_stream(number) for number in range(STREAMS)]
    states: dict[str, dict[str, Any]] = {}
    sent = 0
    while True:
        for stream in dice.sample(streams, len(streams)):
            if dice.random() < 0.35:
                continue  # else all streams would speak in step
            segment = next(stream)
            name = segment["stream_id"]
            states[name], caption = step(states.get(name), segment)
            yield Sent(name.encode(), orjson.dumps(segment), caption)
            sent += 1
            if sent == count:
                return


def _stream(number: int) -> Iterator[dict[str, Any]]:
    dice = random.Random(1000 + number)
    name = f"s{number:03d}"
    at_s, utterance = dice.random() * 5, 0
    while True:
        words = [dice.choice(_WORDS) for _ in range(dice.randint(13, 24))]
        long_s = 0.35 * len(words)
        before: dict[str, Any] = {}
        for revision in range(1, _GUESSES + 2):
            part = revision / (_GUESSES + 1)
            segment = {
                "stream_id": name,
                "segment_id": f"{name}-{utterance:06d}",
                "revision": revision,
                "start_s": round(at_s + revision * 0.01, 3),
                "end_s": round(at_s + long_s * part, 3),
                "text": " ".join(words[: max(2, round(len(words) * part))]),
                "is_final": revision > _GUESSES,
                "words": None,
            }
            yield segment
            if before and not segment["is_final"] and dice.random() < _STALE:
                yield {**before, "text": f"stale {before['text']}"}
            before = segment
        if dice.random() < _LATE:
            late = {"revision": _GUESSES, "is_final": False}
            yield {**before, **late, "text": f"late {before['text']}"}
        at_s += long_s + 0.4
        utterance += 1
