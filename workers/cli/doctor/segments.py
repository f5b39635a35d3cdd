"""Checks of the newest segments: are they from now, and can they be used."""

import time
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final

from aiokafka import AIOKafkaConsumer, TopicPartition

from schemas.codec import SEGMENT, BadMessageError
from workers.agents.forgetting import asks_to_forget
from workers.cli.doctor.finding import Finding, fault, ok, warning
from workers.delivery.clients import Connection

AHEAD_S: Final = 2.0
"""A record from further in the future means that a clock is wrong."""
LOOKED_AT: Final = 20
"""Newest segments of a partition that are read."""
PATIENCE_S: Final = 10


async def segments(
    link: Connection, name: str, numbers: set[int]
) -> AsyncIterator[Finding]:
    """Look at the newest segments: are they from now, and can they be read."""
    consumer = link.consumer()
    await consumer.start()
    try:
        newest = await _newest(consumer, name, numbers)
    finally:
        await consumer.stop()
    for finding in _judged(newest, name):
        yield finding


async def _newest(
    consumer: AIOKafkaConsumer, name: str, numbers: set[int]
) -> list[Any]:
    logs = [TopicPartition(name, number) for number in numbers]
    consumer.assign(logs)
    starts = await consumer.beginning_offsets(logs)
    ends = await consumer.end_offsets(logs)
    for each in logs:
        consumer.seek(each, max(starts[each], ends[each] - LOOKED_AT))
    left = {each for each in logs if ends[each] > starts[each]}
    found: list[Any] = []
    until_s = time.monotonic() + PATIENCE_S
    while left and time.monotonic() < until_s:
        for records in (await consumer.getmany(*left, timeout_ms=200)).values():
            found += records
        for each in tuple(left):
            if await consumer.position(each) >= ends[each]:
                left.discard(each)
    return found


def _judged(newest: list[Any], name: str) -> Iterator[Finding]:
    if not newest:
        yield ok("clock", "no segment yet to compare it with")
        yield ok("segments", f"none on {name} yet")
        return
    now_ms = time.time() * 1000
    ahead_s = (max(record.timestamp for record in newest) - now_ms) / 1000
    if ahead_s > AHEAD_S:
        yield fault(
            "clock",
            f"the newest segment is from {ahead_s:.0f} s ahead of this machine's clock",
            "set the clocks by NTP: of this machine, or of who sends segments",
        )
    else:
        yield ok("clock", "no segment is from the future")
    reasons: dict[str, int] = {}
    for record in newest:
        if asks_to_forget(record):
            continue
        try:
            SEGMENT.decode(record.key, record.value)
        except BadMessageError as error:
            reasons[error.reason] = reasons.get(error.reason, 0) + 1
    if reasons:
        why = ", ".join(f"{count} {reason}" for reason, count in reasons.items())
        yield warning(
            "segments",
            f"of the newest {len(newest)} some cannot be used: {why}",
            "see who sends them: `caption-worker schema CaptionSegment` is what they "
            "have to be",
        )
    else:
        yield ok("segments", f"the newest {len(newest)} can all be used")
