"""Where a caption ends: rule 8, a caption is a sentence."""

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise
from typing import Final

from workers.core.merging.heard import Heard
from workers.core.merging.settings import MergeSettings
from workers.core.text.sentence_ends import ENDS, ends_sentence, is_closer

_CLAUSE: Final = ",;:，、；：—"


def cut(
    words: Sequence[Heard], breaks: Collection[int], settings: MergeSettings
) -> list[tuple[int, int]]:
    """Cut words into captions.

    What comes after a place never moves a cut before it, but for the one word that
    follows: so a caption that is cut stays cut while the talk goes on.

    Args:
        words: In their order.
        breaks: Places where a caption ends for other reasons than its words: another
            speaker, the end of an utterance.
        settings: Pause and bounds.

    Returns:
        First word and end (exclusive) of each caption, in order, without a gap.
    """
    if not words:
        return []
    found = None if breaks else _by_sentences(words, settings)
    return found or [*_word_by_word(words, breaks, settings)]


def _word_by_word(
    words: Sequence[Heard], breaks: Collection[int], settings: MergeSettings
) -> Iterator[tuple[int, int]]:
    first = chars = clause = 0
    # What may have ended a sentence; closing marks after it change nothing about it.
    ended: str | None = None
    pause_s, max_chars = settings.pause_s, settings.max_chars
    # Of most talk so little is open that no word is near the bound of length.
    letters = sum(map(len, [word.text for word in words]))
    much = 2 * (letters + len(words)) > max_chars
    until_s = _until_s(words[0], settings)
    for here, (before, word) in enumerate(pairwise(words), 1):
        text = before.text
        if text[-1] not in ENDS:
            ended = None
        elif here == first + 1 or not is_closer(text):
            ended = text
        if much:
            chars += len(text) + 1
            if 2 * chars > max_chars and text[-1] in _CLAUSE:
                clause = here
        if (
            (ended is not None and _ends(ended, word))
            or (
                before.end_s is not None
                and word.start_s is not None
                and word.start_s - before.end_s >= pause_s
            )
            or here in breaks
        ):
            yield first, here
            first, chars, clause = here, 0, 0
            until_s = _until_s(word, settings)
        elif (much and chars + len(word.text) > max_chars) or (
            until_s is not None and word.end_s is not None and word.end_s > until_s
        ):
            end = clause if clause > first else here
            yield first, end
            first, clause = end, 0
            chars = sum(len(said.text) + 1 for said in words[first:here])
            until_s = _until_s(words[first], settings)
    yield first, len(words)


def _by_sentences(
    words: Sequence[Heard], settings: MergeSettings
) -> list[tuple[int, int]] | None:
    """Cut words at the ends of sentences alone, where no other cut is possible.

    Asked of every open word at every segment. Mostly all of it is well inside the
    bounds of one caption, and has no pause; None says that a closer look is needed.
    """
    texts = [word.text for word in words]
    if len("".join(texts)) + len(texts) > settings.max_chars:
        return None
    before_s, until_s = words[0].start_s, _until_s(words[0], settings)
    if before_s is None or until_s is None:
        return None
    pause_s = settings.pause_s
    for word in words:
        start_s, end_s = word.start_s, word.end_s
        if start_s is None or end_s is None:
            return None
        if not before_s <= start_s <= end_s <= until_s or start_s - before_s >= pause_s:
            return None
        before_s = end_s
    found: list[tuple[int, int]] = []
    first = marked = 0
    ended = ""
    for here in [here for here, text in enumerate(texts, 1) if text[-1] in ENDS]:
        text = texts[here - 1]
        if here == first + 1 or not is_closer(text):
            ended = text
        elif here != marked + 1:
            ended = ""
        marked = here
        if ended and here < len(words) and _ends(ended, words[here]):
            found.append((first, here))
            first = here
    return [*found, (first, len(words))]


def _ends(text: str, following: Heard) -> bool:
    """Tell whether a word ends a caption, with the one after it known."""
    if is_closer(following.text) or (following.glued and text[-1] == "."):
        # The latter is "www.one.org" in a token that was too long.
        return False
    return ends_sentence(text, following.text)


def _until_s(first: Heard, settings: MergeSettings) -> float | None:
    return None if first.start_s is None else first.start_s + settings.max_caption_s
