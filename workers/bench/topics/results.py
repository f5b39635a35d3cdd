"""Every method on every set: what was found, and how well it agrees."""

from collections.abc import Callable, Mapping, Sequence
from time import process_time

from msgspec import Struct

from workers.bench.topics import chance
from workers.bench.topics.agreement import Agreement, agreement
from workers.bench.topics.hearing import Heard, captions, hear
from workers.bench.topics.names import Named, named
from workers.bench.topics.sending import KINDS
from workers.bench.topics.talks import TrueTalk
from workers.bench.topics.through import through_process
from workers.core.topics import TopicModel
from workers.core.topics.finished import finish
from workers.core.topics.recut import best, recut

LIVE = "live"
COUNT_GIVEN = "count given"
RECUT = "recut"
APART = 8
"""Sentences between changes where their count is given, as in the study."""

Found = Sequence[tuple[int, Sequence[int], Sequence[int]]]


class Result(Struct, frozen=True, kw_only=True):
    """What one talk gave."""

    agreements: dict[str, tuple[Agreement, ...]]
    """By method; random changes were tried several times."""
    heard: Heard
    near: tuple[bool, ...]
    """Of each confirmed change, whether a true one is within three sentences."""
    named: Named
    sentences: int
    spent_s: float
    """Processor time of hearing it live."""


def measure(
    sets: Mapping[str, Sequence[TrueTalk]],
    model: TopicModel,
    *,
    language: str | None = None,
    process: bool = False,
    done: Callable[[], None] = lambda: None,
) -> dict[str, list[Result]]:
    """Let the worker hear all talks.

    Args:
        sets: By name.
        model: Of the worker.
        language: What recognisers would say of it; None is what they mostly say.
        process: Also by way of segments and merging, as in ``process``.
        done: Called after each talk.
    """
    results: dict[str, list[Result]] = {}
    for name, talks in sets.items():
        for talk in talks:
            result = _measure(talk, model, language, process=process)
            results.setdefault(name, []).append(result)
            done()
    return results


def _measure(
    talk: TrueTalk, model: TopicModel, language: str | None, *, process: bool
) -> Result:
    said = captions(talk, language)
    started_s = process_time()
    heard = hear(said, model)
    spent_s = process_time() - started_s
    finished = finish(said, model)
    found: dict[str, list[Sequence[int]]] = {
        "no changes": [chance.none(talk)],
        "even": [chance.even(talk)],
        "random": [chance.random(talk, seed) for seed in range(chance.SEEDS)],
        LIVE: [heard.changes],
        "provisional": [heard.provisional],
        RECUT: [
            finished.begins([one.first for one in recut(finished, model)][1:]),
        ],
        COUNT_GIVEN: [
            finished.begins(best(finished.scores, len(talk.boundaries), APART))
        ],
    }
    if process:
        for kind, send in KINDS.items():
            found[kind] = [through_process(talk, send, model, language)]
    size = len(talk.utterances)
    return Result(
        agreements={
            method: tuple(agreement(size, talk.boundaries, one) for one in each)
            for method, each in found.items()
        },
        heard=heard,
        near=tuple(
            any(abs(change - true) <= 3 for true in talk.boundaries)  # noqa: PLR2004
            for change in heard.changes
        ),
        named=named(talk, heard, finished, model, talk.language or language or "en"),
        sentences=size,
        spent_s=spent_s,
    )
