"""Where a caption ends: rule 8, a caption is a sentence."""

from collections.abc import Container, Iterator, Sequence

from workers.core.merging.settings import MergeSettings
from workers.core.merging.words import Heard
from workers.core.text.sentence_ends import ENDS, ends_sentence, is_closer

_CLAUSE = ",;:，、；：—"


def cut(
    words: Sequence[Heard], breaks: Container[int], settings: MergeSettings
) -> Iterator[tuple[int, int]]:
    """Cut words into captions.

    What comes after a place never moves a cut before it, but for the one word that
    follows: so a caption that is cut stays cut while the talk goes on. One loop and
    few calls, since it sees every open word at every segment.

    Args:
        words: In their order.
        breaks: Places where a caption ends for other reasons than its words: another
            speaker, the end of an utterance.
        settings: Pause and bounds.

    Yields:
        First word and end (exclusive) of each caption, in order, without a gap.
    """
    first = chars = clause = 0
    before = ""
    before_s: float | None = None
    max_chars = settings.max_chars
    until_s = _until_s(words[0], settings) if words else None
    for here, word in enumerate(words):
        text = word.text
        if here > first:
            if (
                here in breaks
                or (
                    before_s is not None
                    and word.start_s is not None
                    and word.start_s - before_s >= settings.pause_s
                )
                or (
                    before[-1] in ENDS
                    and not is_closer(text)
                    # "www.one.org" in a token that was too long.
                    and not (word.glued and before[-1] == ".")
                    and ends_sentence(before, text)
                )
            ):
                yield first, here
                first, chars, clause = here, 0, 0
                until_s = _until_s(word, settings)
            elif chars + len(text) > max_chars or (
                until_s is not None and word.end_s is not None and word.end_s > until_s
            ):
                end = clause if clause > first else here
                yield first, end
                first, clause = end, 0
                chars = sum(len(said.text) + 1 for said in words[first:here])
                until_s = _until_s(words[first], settings)
        chars += len(text) + 1
        if 2 * chars > max_chars and text[-1] in _CLAUSE:
            clause = here + 1
        before_s = word.end_s
        if here == first or text[-1] not in ENDS or not is_closer(text):
            before = text
    if words:
        yield first, len(words)


def _until_s(first: Heard, settings: MergeSettings) -> float | None:
    return None if first.start_s is None else first.start_s + settings.max_caption_s
