"""What happens to segments on their way: doubled, out of order, times anew."""

from collections.abc import Sequence
from random import Random
from typing import Any

from msgspec.structs import replace

from schemas.segment import CaptionSegment
from workers.bench.simulator.sending import Sent

JUMP_S = 20.0
"""A reconnect without a new epoch is known by how far its times jump back, and by the
next segment, which has to be behind too: twice the ten seconds that merging asks for.
"""
FOLLOWING = 3
"""Segments after the last such reconnect."""


def resent(sent: Sequence[Sent], rng: Random, share: float = 0.2) -> list[Sent]:
    """Send some segments again, at once or up to 3 s later."""
    again = [
        replace(one, at_s=round(one.at_s + rng.choice([0.01, 0.4, 3.0]), 3))
        for one in sent
        if rng.random() < share
    ]
    return sorted([*sent, *again], key=lambda one: one.at_s)


def shuffled(sent: Sequence[Sent], rng: Random, late_s: float = 1.9) -> list[Sent]:
    """Hold finals back by up to *late_s*; of a name, interims still come first."""
    held: list[Sent] = []
    latest: dict[str | None, float] = {}
    for one in sent:
        at_s = one.at_s + (rng.random() * late_s if one.segment.is_final else 0.0)
        name = one.segment.segment_id
        if name is not None:
            at_s = max(at_s, latest.get(name, 0.0))
            latest[name] = at_s
        held.append(replace(one, at_s=round(at_s, 3)))
    return sorted(held, key=lambda one: one.at_s)


def reconnected(
    sent: Sequence[Sent], rng: Random, *, marked: bool = True
) -> list[Sent]:
    """Let times begin anew between two segments with finals, 1 to 3 times.

    Args:
        sent: Without overlap; names are counted anew too.
        rng: Where.
        marked: The epoch is raised; else only the times jump back, by ``JUMP_S`` at
            the least.
    """
    breaks = [
        place
        for place in range(1, len(sent) - (0 if marked else FOLLOWING))
        if sent[place - 1].segment.is_final and _is_first(sent, place)
    ]
    wanted = sorted(rng.sample(breaks, min(len(breaks), rng.randrange(1, 4))))
    chosen: list[int] = []
    since_s = 0.0
    for place in wanted:
        if marked or (sent[place].segment.start_s or 0.0) - since_s > JUMP_S:
            chosen.append(place)
            since_s = sent[place].segment.start_s or 0.0
    out: list[Sent] = []
    for place, one in enumerate(sent):
        epoch = sum(place >= at for at in chosen)
        if not epoch:
            out.append(one)
            continue
        first = sent[chosen[epoch - 1]].segment
        fields = _anew(one.segment, first)
        if marked:
            fields["epoch"] = epoch
        out.append(replace(one, segment=replace(one.segment, **fields)))
    return out


def _is_first(sent: Sequence[Sent], place: int) -> bool:
    name = sent[place].segment.segment_id
    return name is None or name != sent[place - 1].segment.segment_id


def _anew(said: CaptionSegment, first: CaptionSegment) -> dict[str, Any]:
    """Return the fields that count from the first segment of a connection."""
    zero_s = first.start_s or 0.0

    def anew(moment_s: float | None) -> float | None:
        return None if moment_s is None else round(max(0.0, moment_s - zero_s), 3)

    fields: dict[str, Any] = {
        "start_s": anew(said.start_s),
        "end_s": anew(said.end_s),
    }
    if said.words:
        fields["words"] = tuple(
            replace(word, start_s=anew(word.start_s), end_s=anew(word.end_s))
            for word in said.words
        )
    if said.segment_id and first.segment_id and said.segment_id[0] == "u":
        number = int(said.segment_id[1:]) - int(first.segment_id[1:])
        fields["segment_id"] = f"u{number}"
    return fields
