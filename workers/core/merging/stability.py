"""Which words will not change: rule 9."""

from collections.abc import Sequence
from typing import Final

from workers.core.merging.heard import Heard
from workers.core.merging.state import Channel, Run

PROVEN: Final = 8
"""Guesses seen to be followed by others before one is believed at first sight."""
LONG_PROVEN: Final = 200
"""The same, before less caution is enough; and before a change is forgotten by half."""
OPEN_WORDS: Final = 2
"""So many last words, at least, are not believed at first sight."""
_NO_BOUND: Final = 64
"""As deep a change as any: words came before the first of a guess."""


def agreed_words(previous: Sequence[Heard], current: Sequence[Heard]) -> int:
    """Count the leading words on which two successive hypotheses agree.

    The last word of either does not count: it may still be growing, as "some" does
    on its way to "something".

    Returns:
        0 to one less than the shorter of the two.

    Source:
        LocalAgreement-2; Macháček, Dabre and Bojar (2023), arXiv:2307.14743.
    """
    return max(
        0, min(same_words(previous, current), len(previous) - 1, len(current) - 1)
    )


def same_words(previous: Sequence[Heard], current: Sequence[Heard]) -> int:
    """Count the leading words that are written alike; asked at each guess."""
    alike = 0
    for before, now in zip(previous, current):  # noqa: B905  # the shorter one ends it
        if before.text != now.text:
            break
        alike += 1
    return alike


def sure_words(words: Sequence[Heard]) -> int:
    """Count the leading words that the provider calls final."""
    for count, word in enumerate(words):
        if not word.sure:
            return count
    return len(words)


def judged(channel: Channel, run: Run) -> tuple[int, int, int]:
    """Compare words with the guess before them, and with how guesses went so far.

    Returns:
        What the channel is to remember of its recogniser, as `Channel.deepest` and
        `Channel.compared`; and how many leading words of a guess will not change, 0
        of a final.
    """
    deepest, compared, agreed = channel.deepest, channel.compared, 0
    for before in channel.runs:
        if before.owner == run.owner and not before.final:
            previous = before.words
            kept = same_words(previous, run.words)
            agreed = max(0, min(kept, len(previous) - 1, len(run.words) - 1))
            if kept < len(run.words) or run.final:
                changed = changed_words(previous, run, kept)
                deepest, compared = _noted(deepest, compared, changed)
            elif previous == run.words:
                # What is sent again, its times too, is no second hypothesis.
                agreed = before.agreed
            break
    if run.final:
        return deepest, compared, 0
    believed_too = believed(deepest, compared, len(run.words))
    return deepest, compared, max(agreed, believed_too)


def changed_words(previous: Sequence[Heard], run: Run, kept: int) -> int:
    """Count the last words of a guess that the next one took back.

    Args:
        previous: The guess.
        run: What was heard then.
        kept: Leading words that are alike.
    """
    if kept == len(run.words):
        # A final may be shorter: what is left over is no change (rule 2).
        return 0
    if not kept and previous[0].text in [word.text for word in run.words[1:]]:
        return _NO_BOUND
    return len(previous) - kept


def _noted(deepest: int, compared: int, changed: int) -> tuple[int, int]:
    if changed and changed >= deepest:
        # How often there was no such change has to be seen anew.
        return changed, min(compared + 1, PROVEN)
    if compared + 1 < 2 * LONG_PROVEN:
        return deepest, compared + 1
    return deepest // 2, (PROVEN if deepest else compared)


def believed(deepest: int, compared: int, words: int) -> int:
    """Tell how many of the first *words* of a guess are believed at first sight.

    Two hypotheses that agree are evidence about words; how a recogniser has gone on
    from its guesses so far is evidence about itself. Where as many words follow as it
    ever took back, and one more, a word will stand.
    """
    if compared < PROVEN:
        return 0
    still_open = max(OPEN_WORDS, deepest + 1)
    if compared >= LONG_PROVEN and not deepest:
        still_open = 1
    return max(0, words - still_open)
