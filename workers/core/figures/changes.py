"""How much captions changed under the eyes of viewers, in words.

A word is what stands between two spaces, punctuation and case included, or a word of
UAX #29 in scripts without spaces. Counted from caption events as viewers get them,
one text of a caption compared with the one before:

- **erased**: words of the old text after its longest common prefix with the new one.
  Over the words of final captions this is the normalized erasure of Arivazhagan et al.
  (2020), IWSLT, 27; for ``text[:stable]`` likewise. Text that only grows erases
  nothing, also where its last word grows ("some", "something").
- **unstable**: the same between a caption still open and its next text, by words as
  spoken, so without case and the punctuation around them. Over the words of final
  captions this is the unstable partial word ratio, UPWR, of Shangguan et al. (2020),
  arXiv:2006.01416.
- **added** and erased words of each update: the burstiness of MeetDot (Arkhangorodsky
  et al., 2021, EMNLP). We tell the mean over updates, and the largest.
"""

from typing import Final

from schemas.captions import (
    CaptionFinal,
    CaptionRevised,
    CaptionUpdated,
    CaptionWithdrawn,
)
from workers.core.figures.state import NO_CHANGES, Changes
from workers.core.merging import MergeState
from workers.core.merging.seen import seen
from workers.core.merging.sight import UNSEEN, Seen
from workers.core.merging.words import split
from workers.core.outputs import Output
from workers.core.text.scripts import has_unspaced

_AROUND: Final = ".,;:!?…\"'()[]«»„“”‘’-–—¿¡。、，！？；：「」"
"""What a word may have around it that nobody speaks."""


def changes_of(before: MergeState, outputs: tuple[Output, ...]) -> Changes:
    """Count what a step changed for viewers.

    Args:
        before: Merging before the step: it knows what viewers had.
        outputs: What merging said in the step, in its order.
    """
    changes = NO_CHANGES
    told: dict[str, Seen] = {}
    first = len(before.life) + 2
    for output in outputs:
        # A class of messages is an abstract one to Python: isinstance is slow.
        if type(output) is CaptionUpdated or type(output) is CaptionRevised:
            now = Seen(output.text, output.stable)
        elif type(output) is CaptionFinal:
            now = Seen(output.text, output.stable, final=True)
        elif type(output) is CaptionWithdrawn:
            now = UNSEEN
        else:
            continue
        name = output.caption_id
        was = told.get(name) or seen(before, int(name[first:]))
        told[name] = now
        one = change(was, now)
        changes = one if changes is NO_CHANGES else changes.plus(one)
    return changes


def change(was: Seen, now: Seen) -> Changes:
    """Count what one event changed of a caption."""
    final_words = word_count(now.text) if now.final else 0
    if was.text == now.text and now.stable >= was.stable:
        return Changes(final_words=final_words) if final_words else NO_CHANGES
    erased = stable_erased = unstable = 0
    stands = now.text.startswith(was.text[: was.stable])
    if now.text.startswith(was.text):
        added = _more_words(was.text, now.text)
    else:
        # What was stable is mostly the same: no need to look at its words.
        first = was.text.rfind(" ", 0, was.stable) + 1 if stands else 0
        old, new = _words(was.text[first:]), _words(now.text[first:])
        kept = _common(old, new)
        erased, added = len(old) - kept, len(new) - kept
        if erased and not was.final:
            unstable = _unstable(old, new, kept)
    if was.stable > now.stable or not stands:
        old = _words(was.text[: was.stable])
        stable_erased = len(old) - _common(old, _words(now.text[: now.stable]))
    return Changes(
        int(was.text != now.text),
        added,
        erased,
        stable_erased,
        unstable,
        final_words,
        added + erased,
    )


def _more_words(old: str, new: str) -> int:
    """Count what a text that only grew has more."""
    if new.isascii():
        return new.count(" ", len(old)) + (not old)
    return word_count(new) - word_count(old)


def word_count(text: str) -> int:
    """Return the number of words, quickly where there are spaces between them."""
    if not text:
        return 0
    return len(split(text)[0]) if has_unspaced(text) else text.count(" ") + 1


def _words(text: str) -> list[str]:
    if not text:
        return []
    return split(text)[0] if has_unspaced(text) else text.split(" ")


def _common(old: list[str], new: list[str]) -> int:
    """Return the length of the longest common prefix."""
    place = 0
    for before, after in zip(old, new):  # noqa: B905  # the shorter one ends it
        if before != after:
            break
        place += 1
    return place


def _spoken(word: str) -> str:
    return word.casefold().strip(_AROUND)


def _unstable(old: list[str], new: list[str], kept: int) -> int:
    """Count the words that are other words now, from the first such one on."""
    for place in range(kept, min(len(old), len(new))):
        was, now = _spoken(old[place]), _spoken(new[place])
        if was != now:
            grows = place == len(old) - 1 and now.startswith(was)
            return len(old) - place - grows
    return max(0, len(old) - len(new))
