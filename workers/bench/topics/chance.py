"""What one scores who does not listen: no changes, even ones, random ones.

A score is worth what it is above these: silence alone has a Pk of 0.4 on usual talk.
"""

from random import Random

from workers.bench.topics.talks import TrueTalk

SEEDS = 5


def none(talk: TrueTalk) -> list[int]:  # noqa: ARG001  # they share their shape
    """Find no change, ever."""
    return []


def even(talk: TrueTalk) -> list[int]:
    """Cut into as many equal parts as there are topics: the count is given away."""
    size, parts = len(talk.utterances), len(talk.boundaries) + 1
    cuts = {round(part * size / parts) for part in range(1, parts)}
    return sorted(cuts - {0, size})


def random(talk: TrueTalk, seed: int) -> list[int]:
    """Cut anywhere, as often as the topic changes: the count is given away."""
    places = range(1, len(talk.utterances))
    # Not by the hash of a name, which differs from process to process.
    chance = Random(f"{talk.id} {seed}")  # noqa: S311  # no secret
    return sorted(chance.sample(places, len(talk.boundaries)))
