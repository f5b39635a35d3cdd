"""Which gaps are changes of topic: peaks of the score over a bar that adapts.

Source:
    The bar was chosen on real talk of seven kinds, from which most of the weights did
    not learn (ARCHITECTURE.md, decision 94). About one change for each
    ``sentences_per_topic`` comes out, more where a talk turns more.
"""

from bisect import bisect
from collections.abc import Iterable, Sequence
from math import ceil, exp, log, sqrt
from typing import Final

from msgspec.structs import replace

from workers.core.topics.company import company
from workers.core.topics.evidence.similarities import History
from workers.core.topics.kept.heard import Speaker
from workers.core.topics.kept.picker import Picker

_NEIGHBOURS: Final = 4
"""Gaps on either side that a peak must not lie below."""

_BAR: Final = -3.3
"""Log-odds, where a topic usually has 100 sentences."""
_BAR_SENTENCES: Final = 100
_RARITY: Final = 0.2
"""Of the logarithm by which topics are longer; it would be 1 if log-odds were what they
say."""
_BAR_SHARE: Final = 1 / 2
"""The rest of the bar is the score that the right number of peaks so far have reached.
So a talk that turns more, or less, than is usual gets more topics, or fewer."""
_IN_COMPANY: Final = 1.5
"""Log-odds that are asked for more where four share a talk: there turns and cues come
all the time, and topics are longer."""
_WARM_UP: Final = 60
_AFTER_CHANGE: Final = 0.6
"""Log-odds asked for more, right after a change; fading with a fifth of a topic."""
_FADING: Final = 0.2
_NEAREST: Final = 0.8
"""Times the root of a usual topic's sentences lie between two changes at least."""
MIN_SENTENCES: Final = 4
"""Changes within 3 sentences are one."""

_PEAKS: Final = 40
_WANTED_PEAKS: Final = 20
"""Beyond it every second peak is forgotten, so that the last hours count most."""


def reach(sentences_per_topic: int) -> int:
    """Return how many gaps after a gap must have a score before it is decided."""
    return min(_NEIGHBOURS, max(1, sentences_per_topic // 5))


def nearest(sentences_per_topic: int) -> int:
    """Return how many sentences lie at least between two changes."""
    return max(MIN_SENTENCES, round(_NEAREST * sqrt(sentences_per_topic)))


def fixed_bar(sentences_per_topic: int, speakers: Iterable[Speaker]) -> float:
    """Return the log-odds that a change needs in a talk of which nothing is known yet.

    Args:
        sentences_per_topic: How long topics usually are.
        speakers: Who has spoken; none where nobody is told apart.
    """
    rarity = log(sentences_per_topic / _BAR_SENTENCES)
    return _BAR + _RARITY * rarity + _IN_COMPANY * company(speakers)


def bar(
    peaks: Sequence[float],
    gaps: float,
    sentences_per_topic: int,
    speakers: Iterable[Speaker],
) -> float:
    """Return the log-odds that a change needs, but for those right after another.

    Args:
        peaks: The highest first; one at least.
        gaps: That they stand for.
        sentences_per_topic: How long topics usually are.
        speakers: Who has spoken so far.
    """
    wanted = max(1, ceil(gaps / sentences_per_topic))
    reached = peaks[min(len(peaks), wanted) - 1]
    fixed = fixed_bar(sentences_per_topic, speakers)
    return _BAR_SHARE * fixed + (1 - _BAR_SHARE) * reached


def after_change(since: int, sentences_per_topic: int) -> float:
    """Return what is asked for more, so many sentences after a change."""
    return _AFTER_CHANGE * exp(-since / (_FADING * sentences_per_topic))


def add_score(
    picker: Picker,
    contributions: tuple[float, ...],
    score: float,
    histories: tuple[History, ...] | None = None,
) -> Picker:
    """Return the picker with the score of ``next_gap``, and the histories with it."""
    if picker.next_gap == 0:
        kept = picker.histories if histories is None else histories
        return replace(picker, next_gap=1, histories=kept)
    window = 2 * _NEIGHBOURS + 1
    # Rounded by way of whole numbers, since `round` to digits takes five times as long.
    rounded = tuple([round(part * 100) / 100 for part in contributions])
    # Made anew, since `replace` takes four times as long.
    return Picker(
        picker.next_gap + 1,
        picker.next_decision,
        (*picker.scores, round(score * 1e4) / 1e4)[-window:],
        (*picker.contributions, rounded)[-window:],
        picker.histories if histories is None else histories,
        picker.peaks,
        picker.gaps,
    )


def place_of(picker: Picker, gap: int) -> int:
    """Return where the score of a recent gap stands in ``scores``."""
    place = gap - picker.next_gap + len(picker.scores)
    assert 0 <= place < len(picker.scores)
    return place


def decide(
    picker: Picker,
    last_change: int,
    sentences_per_topic: int,
    speakers: Iterable[Speaker],
) -> tuple[Picker, bool]:
    """Decide ``next_decision``; all scores it needs, or all there will be, are in.

    Args:
        picker: The scores, and the peaks so far.
        last_change: The gap of the topic that is under way.
        sentences_per_topic: How long topics usually are.
        speakers: Who has spoken so far.

    Returns:
        The picker, and whether the topic changes there.
    """
    gap = picker.next_decision
    place = place_of(picker, gap)
    score = picker.scores[place]
    side = reach(sentences_per_topic)
    around = picker.scores[max(0, place - side) : place + side + 1]
    gaps = picker.gaps + 1
    if score < max(around):
        return replace(picker, next_decision=gap + 1, gaps=gaps), False

    at = bisect(picker.peaks, -score, key=lambda peak: -peak)
    peaks = (*picker.peaks[:at], score, *picker.peaks[at:])[:_PEAKS]
    if gap > min(_WARM_UP, sentences_per_topic):
        over = bar(peaks, gaps, sentences_per_topic, speakers)
    else:
        over = fixed_bar(sentences_per_topic, speakers)
    since = gap - last_change
    over += after_change(since, sentences_per_topic)
    changes = since >= nearest(sentences_per_topic) and score >= over
    if gaps > _WANTED_PEAKS * sentences_per_topic:
        peaks, gaps = peaks[::2], gaps / 2
    return replace(picker, next_decision=gap + 1, peaks=peaks, gaps=gaps), changes
