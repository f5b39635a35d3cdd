"""Words that are not to be shown: masked in what viewers get, kept beside it.

A mask never moves: the masked text has as many code points as the original, and what
is inside ``text[:stable]`` does not change when the caption goes on. For that, the
word at the very end of the stable part is not called stable while it is, or may
become, one of those masked.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import regex
from msgspec.structs import replace

from schemas.captions import (
    Caption,
    CaptionFinal,
    CaptionRevised,
    CaptionUpdated,
    Flag,
)
from schemas.segment import Word
from workers.core.outputs import Output
from workers.core.quality.mask import Mask
from workers.core.text.normal import nfc
from workers.core.text.scripts import UNSPACED, has_unspaced

PROFANITY: Final = "profanity"

_WORD: Final = regex.compile(r"\w+")
_RUN: Final = regex.compile(rf"[\w--{UNSPACED}]+", regex.V1)
"""Letters that stand together, of scripts with spaces."""
_LAST_RUN: Final = regex.compile(rf"(?r)[\w--{UNSPACED}]+", regex.V1)


def mask_for(entries: Iterable[str]) -> Mask | None:
    """Make words ready to be found.

    Args:
        entries: Single words, in any case; one with ``*`` at its end stands for all
            words that begin so. In scripts without spaces a word is found anywhere.

    Returns:
        None where there is no word.

    Raises:
        ValueError: Some are no single words; the message names them.
    """
    whole: set[str] = set()
    stems: set[str] = set()
    inside: set[str] = set()
    wrong: list[str] = []
    for entry in entries:
        word = nfc(entry).casefold()
        stem = word.removesuffix("*")
        if not _WORD.fullmatch(stem):
            wrong.append(entry)
        elif has_unspaced(stem):
            inside.add(stem)
        else:
            (whole if stem == word else stems).add(stem)
    if wrong:
        raise ValueError(f"not single words: {', '.join(map(repr, wrong))}")
    if not whole | stems | inside:
        return None
    return Mask(
        whole=frozenset(whole),
        stems=frozenset(stems),
        inside=frozenset(inside),
        beginnings=frozenset(
            word[:size] for word in whole | stems for size in range(1, len(word) + 1)
        ),
        inside_beginnings=frozenset(
            word[:size] for word in inside for size in range(1, len(word))
        ),
        stem_sizes=tuple(sorted(set(map(len, stems)))),
        inside_sizes=tuple(sorted(set(map(len, inside)))),
    )


def masked(outputs: tuple[Output, ...], mask: Mask | None) -> tuple[Output, ...]:
    """Mask the captions among outputs; the originals go to ``unmasked_text``."""
    if mask is None:
        return outputs
    return tuple(
        _masked(output, mask)
        if isinstance(output, CaptionUpdated | CaptionFinal | CaptionRevised)
        else output
        for output in outputs
    )


def hide(text: str, mask: Mask) -> tuple[str, int]:
    """Return text with all but the first letter of each such word as ``*``.

    Returns:
        As many code points as *text* has, and the number of words masked. Time grows
        with the length of the text, not with the number of words in the mask.
    """
    stretches = list(_stretches(text, mask))
    if not stretches:
        return text, 0
    letters = list(text)
    for start, end in stretches:
        kept = end - start > 1
        letters[start + kept : end] = "*" * (end - start - kept)
    return "".join(letters), len(stretches)


def unsettled(text: str, mask: Mask) -> int:
    """Return from where on the mask of *text* may change with what follows it."""
    settled = len(text)
    last = _LAST_RUN.search(text)
    if last is not None and last.end() == len(text):
        word = last[0].casefold()
        if word in mask.beginnings or _stemmed(word, mask):
            settled = last.start()
    longest = max(mask.inside_sizes, default=1)
    for size in range(1, min(longest, len(text) + 1)):
        if text[-size:].casefold() in mask.inside_beginnings:
            settled = min(settled, len(text) - size)
    return settled


def _masked(
    caption: CaptionUpdated | CaptionFinal | CaptionRevised, mask: Mask
) -> Caption:
    text, count = hide(caption.text, mask)
    final = not isinstance(caption, CaptionUpdated) and (
        isinstance(caption, CaptionFinal) or caption.final
    )
    stable = caption.stable
    if not final:
        stable = unsettled(caption.text[:stable], mask)
    if not count:
        return caption if stable == caption.stable else replace(caption, stable=stable)
    flags = tuple(
        Flag(name=flag.name, evidence=hide(flag.evidence, mask)[0])
        for flag in caption.flags
    )
    if final:
        told = f"{count} masked; `unmasked_text` has what was said"
        flags = (*flags, Flag(name=PROFANITY, evidence=told))
    return replace(
        caption,
        text=text,
        stable=stable,
        words=_masked_words(caption, text),
        flags=flags,
        unmasked_text=caption.text,
    )


def _masked_words(caption: Caption, text: str) -> tuple[Word, ...] | None:
    """Give each word its stretch of the masked text, which has the same places."""
    if caption.words is None:
        return None
    words = []
    place = 0
    for word in caption.words:
        place = caption.text.find(word.text, place)
        end = place + len(word.text)
        words.append(replace(word, text=text[place:end]))
        place = end
    return tuple(words)


def _stretches(text: str, mask: Mask) -> Iterator[tuple[int, int]]:
    for run in _RUN.finditer(text):
        word = run[0].casefold()
        if word in mask.whole or _stemmed(word, mask):
            yield run.span()
    if not mask.inside:
        return
    for start in range(len(text)):
        for size in reversed(mask.inside_sizes):
            if text[start : start + size].casefold() in mask.inside:
                yield start, min(start + size, len(text))
                break


def _stemmed(word: str, mask: Mask) -> bool:
    return any(word[:size] in mask.stems for size in mask.stem_sizes)
