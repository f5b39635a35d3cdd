"""Which words will not change: rule 9."""

from collections.abc import Sequence

from workers.core.merging.heard import Heard


def agreed_words(previous: Sequence[Heard], current: Sequence[Heard]) -> int:
    """Count the leading words on which two successive hypotheses agree.

    The last word of either does not count: it may still be growing, as "some" does
    on its way to "something".

    Returns:
        0 to one less than the shorter of the two.

    Source:
        LocalAgreement-2; Macháček, Dabre and Bojar (2023), arXiv:2307.14743.
    """
    agreed = 0
    for before, now in zip(previous[:-1], current[:-1], strict=False):
        if before.text != now.text:
            break
        agreed += 1
    return agreed


def sure_words(words: Sequence[Heard]) -> int:
    """Count the leading words that the provider calls final."""
    for count, word in enumerate(words):
        if not word.sure:
            return count
    return len(words)
