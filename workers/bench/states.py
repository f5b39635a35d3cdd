"""State as the agents write it, in any amount, by the delivery's own writer.

What is written are the states that a stream goes through in the demo's talk, decided by
the agent's own rules. Each stream begins elsewhere in the talk, so that their sizes
differ as those of live streams do.
"""

import asyncio
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Final

from msgspec import Struct

from schemas.codec import encode
from schemas.kafka_topics import STATES, Agent, full_name
from schemas.segment import CaptionSegment
from workers.adapters.recording import open_recording
from workers.agents.offline import OfflineAgent
from workers.app import connection, merge_rules, rules_of
from workers.delivery.position import POSITION_KEY, Position, encode_position
from workers.delivery.records import Output
from workers.delivery.rules import Rules
from workers.delivery.transaction import Row, Transactions
from workers.recordings import demo_recording
from workers.settings import Settings

TURN: Final = 100
"""Streams of a partition in a turn; each turn writes its position too."""
_START_MS: Final = 1_768_471_200_000
"""When the talk began, as its segments say: so latencies are what they would be."""
_APART: Final = 7
"""How far apart in the talk two neighbours are; no divisor of its length."""


class Written(Struct, frozen=True):
    """What is on the Kafka topic of state."""

    streams: int
    records: int
    """Positions too."""
    size_bytes: int
    """Of keys and values."""


def states_of_a_talk(
    settings: Settings, agent: Agent, segments: int | None = None
) -> list[bytes]:
    """Return the states of one stream, in the order in which they are written."""
    write = rules_of(settings, agent).encode_state
    return [write(state) for state in lives_of_a_talk(settings, agent, segments)]


def lives_of_a_talk(
    settings: Settings, agent: Agent, segments: int | None = None
) -> list[Any]:
    """Return the states of one stream as they are in memory.

    Args:
        settings: The agents'.
        agent: Whose.
        segments: So many of the talk; None: all.
    """
    merge = merge_rules(settings)
    merging = OfflineAgent(merge)
    if agent == "merge":
        own: OfflineAgent[Any] = merging
        rules: Rules[Any] = merge
    else:
        rules = rules_of(settings, agent)
        own = OfflineAgent(rules)
    states: list[Any] = []
    for sent_ms, segment in islice(_talk(), segments):
        said = Output(merge.input, segment.stream_id.encode(), encode(segment))
        outputs = merging.take(said, sent_ms)
        if own is merging:
            states += own.changed.values()
            continue
        for time_ms, output in outputs:
            # As agent `topics` does, which reads no other Kafka topic.
            if output.topic == getattr(rules, "input", None):
                own.take(output, time_ms)
                states += own.changed.values()
    return [state for state in states if state is not None]


async def fill(
    settings: Settings,
    agent: Agent,
    streams: int,
    rewritten: int,
    segments: int | None = None,
) -> Written:
    """Write states to an empty Kafka topic of state, in turns as an agent does.

    Args:
        settings: Kafka, and a prefix of its own.
        agent: Whose.
        streams: So many keys, shared out among the partitions.
        rewritten: How often each is written; all but the last is not compacted yet.
        segments: How much of the talk a stream is in at most; None: all.
    """
    states = states_of_a_talk(settings, agent, segments)
    version = rules_of(settings, agent).state_version
    written = await asyncio.gather(
        *(
            _fill_one(
                settings,
                agent,
                number,
                _turns(
                    states, version, number, settings.partitions, streams, rewritten
                ),
            )
            for number in range(settings.partitions)
        )
    )
    records, sizes = zip(*written, strict=True)
    return Written(streams, sum(records), sum(sizes))


async def _fill_one(
    settings: Settings,
    agent: Agent,
    number: int,
    turns: Iterator[list[Row]],
) -> tuple[int, int]:
    topic = full_name(settings.prefix, STATES[agent])
    writer = Transactions(connection(settings), f"{topic}-{number}", number)
    await writer.start()
    records = size = 0
    try:
        for rows in turns:
            await writer.write({topic: rows})
            records += len(rows)
            size += sum(len(row.key or b"") + len(row.value or b"") for row in rows)
    finally:
        await writer.stop()
    return records, size


def _turns(  # what a partition's share is made of
    states: Sequence[bytes],
    version: int,
    number: int,
    partitions: int,
    streams: int,
    rewritten: int,
) -> Iterator[list[Row]]:
    mine = range(number, streams, partitions)
    headers = (("state_version", b"%d" % version),)
    for again in range(rewritten):
        for begin in range(0, len(mine), TURN):
            rows = [
                Row(
                    _START_MS,
                    b"bench-%07d" % stream,
                    states[(stream * _APART + again) % len(states)],
                    headers,
                )
                for stream in mine[begin : begin + TURN]
            ]
            position = Position(next={}, clock_ms=_START_MS, open=False)
            rows.append(Row(_START_MS, POSITION_KEY, encode_position(position), ()))
            yield rows


def _talk() -> Iterator[tuple[int, CaptionSegment]]:
    for at_s, segment in open_recording(demo_recording()).segments:
        if isinstance(segment, CaptionSegment) and not segment.end_of_stream:
            yield _START_MS + round(at_s * 1000), segment
