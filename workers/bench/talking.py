"""Live streams whose words tell when they were sent, so that anybody can time them."""

import asyncio
import re
import time
from collections.abc import Iterator, Sequence
from typing import Any

from schemas.codec import encode
from schemas.kafka_topics import SEGMENTS, full_name
from schemas.segment import CaptionSegment
from workers.app import connection
from workers.settings import Settings

WORD_S = 0.3
"""A guess a word: 200 words a minute."""
WORDS = 10
"""Of a sentence."""
_SENT = re.compile(rb"w(\d{13})")


def now_ms() -> float:
    """Return milliseconds since 1970."""
    return time.time_ns() / 1e6


def age_ms(text: bytes) -> float | None:
    """Return how long ago the newest word in a text was sent; None if it has none."""
    sent = _SENT.findall(text)
    return now_ms() - int(sent[-1]) if sent else None


def names(streams: int) -> list[str]:
    """Return the names of so many streams."""
    return [f"live-{number}" for number in range(streams)]


def _guesses(stream: str) -> Iterator[CaptionSegment]:
    """Say sentences for ever, a word more in each guess; the word is the time."""
    sentence = 0
    while True:
        words: list[str] = []
        for count in range(1, WORDS + 1):
            words.append(f"w{now_ms():.0f}")
            final = count == WORDS
            start_s = sentence * WORDS * WORD_S
            yield CaptionSegment(
                stream_id=stream,
                text=" ".join(words) + ("." if final else ""),
                is_final=final,
                segment_id=f"s{sentence}",
                start_s=start_s,
                end_s=start_s + count * WORD_S,
                language="en",
            )
        sentence += 1


async def talk(settings: Settings, streams: Sequence[str]) -> None:
    """Let all streams talk, evenly shifted against each other, until cancelled."""
    topic = full_name(settings.prefix, SEGMENTS)
    producer: Any = connection(settings).producer(enable_idempotence=True)
    await producer.start()
    try:
        async with asyncio.TaskGroup() as talking:
            for place, stream in enumerate(streams):
                shift_s = place * WORD_S / len(streams)
                talking.create_task(_talk(producer, topic, stream, shift_s))
    finally:
        await producer.stop()


async def _talk(producer: Any, topic: str, stream: str, shift_s: float) -> None:
    due_s = time.monotonic() + shift_s
    guesses = _guesses(stream)
    while True:
        await asyncio.sleep(max(0.0, due_s - time.monotonic()))
        due_s += WORD_S
        segment = next(guesses)
        await producer.send(topic, encode(segment), key=stream.encode())
