"""The topics of a finished talk, cut and named anew with all of it in view."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import sqrt
from typing import Final

from workers.core.topics.chapter import Chapter
from workers.core.topics.counts import OPENING, add_sentences
from workers.core.topics.decision import MIN_SENTENCES, after_change, bar, reach
from workers.core.topics.finished_talk import Finished
from workers.core.topics.kept.counted import Counts
from workers.core.topics.kept.heard import Speaker
from workers.core.topics.labels import name, rank
from workers.core.topics.model import TopicModel

_APART: Final = 1.6
"""Times the root of a usual topic's sentences; live it is the root itself, but readers
dislike crumbs."""


def recut(finished: Finished, model: TopicModel) -> list[Chapter]:
    """Cut a finished talk into topics; not one without a caption.

    A change needs what it needs live, but by the scores of the whole talk, and all
    changes are chosen together: those that are over the bar by the most in sum.
    """
    if not finished.sentences:
        return []
    usual = model.sentences_per_topic(finished.pace_s)
    changes = together(finished.scores, usual, finished.speakers)
    return name_all(finished, changes, model)


def together(
    scores: Sequence[float], usual: int, speakers: Iterable[Speaker]
) -> list[int]:
    """Return the changes that are best together.

    Args:
        scores: Of all gaps; that of gap 0 does not count.
        usual: Sentences of a topic.
        speakers: Who has spoken.
    """
    size = len(scores)
    apart = least(usual)
    peaks = peaks_of(scores, reach(usual))
    if not peaks:
        return []
    ranked = sorted((scores[gap] for gap in peaks), reverse=True)
    over = bar(ranked, size, usual, speakers)
    # The best sum so far with a change at each place, and the change before it.
    places, sums, before = [0], [0.0], [0]
    for gap in peaks:
        if not apart <= gap <= size - apart:
            continue
        tried = [
            (total - after_change(gap - place, usual), number)
            for number, (place, total) in enumerate(zip(places, sums, strict=True))
            if gap - place >= apart
        ]
        total, number = max(tried)
        places.append(gap)
        sums.append(total + scores[gap] - over)
        before.append(number)
    at = max(range(len(sums)), key=sums.__getitem__)
    changes: list[int] = []
    while at:
        changes.append(places[at])
        at = before[at]
    return changes[::-1]


def least(usual: int) -> int:
    """Return how many sentences a chapter has at least."""
    return max(MIN_SENTENCES, round(_APART * sqrt(usual)))


def peaks_of(scores: Sequence[float], side: int) -> list[int]:
    """Return the gaps that no neighbour up to *side* away lies above."""
    return [
        gap
        for gap in range(1, len(scores))
        if scores[gap] >= max(scores[max(1, gap - side) : gap + side + 1])
    ]


def best(scores: Sequence[float], wanted: int, apart: int) -> list[int]:
    """Return the gaps with the highest scores, *apart* sentences from each other.

    Args:
        scores: Of all gaps; that of gap 0 does not count.
        wanted: How many, if there are so many.
        apart: Sentences between two of them, and to either end, at least.
    """
    taken: list[int] = []
    order = sorted(range(apart, len(scores) - apart + 1), key=lambda gap: -scores[gap])
    for gap in order:
        if len(taken) == wanted:
            break
        if gap and all(abs(gap - other) >= apart for other in taken):
            taken.append(gap)
    return sorted(taken)


def name_all(
    finished: Finished, changes: Sequence[int], model: TopicModel
) -> list[Chapter]:
    """Name the topics between changes, each by what it has and the others have not."""
    edges = [0, *changes, len(finished.sentences)]
    counts = [
        add_sentences(Counts(), finished.sentences[first:end], model.lexicon, OPENING)
        for first, end in pairwise(edges)
    ]
    alone = [{one.stem for one in rank(each, {}, 0)} for each in counts]
    common = Counter(stem for stems in alone for stem in stems)
    chapters = []
    for (first, end), each, own in zip(pairwise(edges), counts, alone, strict=True):
        others = {stem: count - (stem in own) for stem, count in common.items()}
        ranked = rank(each, others, len(counts) - 1)
        chapters.append(Chapter(first, end, name(ranked, None)))
    return chapters
