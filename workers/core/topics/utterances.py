"""What is counted as one sentence: a caption, a part of a long one, or some short ones.

Evidence looks so many sentences back and ahead, and was weighed on sentences of some
ten words. With marks a caption is a sentence. Without them it is what stands between
two pauses: one word, or as many as fit into fifteen seconds. So what is long is cut
where a sentence seems to begin, and what is short waits for what comes next.
"""

import re
from itertools import pairwise
from typing import Final

from msgspec.structs import replace

from schemas.captions import Caption
from workers.core.text.scripts import has_unspaced
from workers.core.text.sentence_ends import ENDS
from workers.core.text.words import word_bounds
from workers.core.topics.contractions import rejoined
from workers.core.topics.guess import language_of
from workers.core.topics.kept.utterance import Utterance
from workers.core.topics.places import best_places
from workers.core.topics.tokens import Token

LEAST: Final = 4
"""Words; what has fewer, and no mark at its end, may go on in the next caption."""
MOST: Final = 16
"""Words of a sentence where the recogniser sets no marks."""
MOST_MARKED: Final = 40
"""Words where it does: who writes on and on speaks no sentence either."""

_MOST_READ: Final = 600
"""Characters of a caption that are looked at for places: twice the longest of ours."""
_LEAST_BYTES: Final = 40
"""Of a caption that waits; one of longer words does not."""
_WAITING_BYTES: Final = 600
"""Of one that was corrected while it waited."""
_TOGETHER_BYTES: Final = 160
_TOGETHER_S: Final = 2.0
"""A longer silence tells that the sentence was over."""
_LETTERS: Final = 2.5
"""Of a word in a script without spaces between words."""
_SPACED: Final = re.compile(r"\S+")


def whole(caption: Caption, number: int) -> Utterance:
    """Return a caption as one sentence, whatever its length."""
    return _part(caption, number, caption.text, caption.start_s, caption.end_s)


def sentences_of(
    waiting: Utterance | None, caption: Caption, number: int, *, first: bool
) -> tuple[list[Utterance], Utterance | None]:
    """Return the sentences that are whole with a final caption, and what waits now.

    Args:
        waiting: What may go on in this caption.
        caption: Final.
        number: Of it, within the life.
        first: Of the life; it never waits as a whole, since a topic begins with it.
    """
    said = cut(caption, number)
    if waiting is not None:
        together = joined(waiting, said[0])
        said[:1] = [waiting, said[0]] if together is None else [together]
    if may_go_on(said[-1]) and not (first and len(said) == 1):
        return said[:-1], said[-1]
    return said, None


def cut(caption: Caption, number: int) -> list[Utterance]:
    """Return the sentences of a caption alone: mostly one, itself."""
    text = caption.text
    most = MOST_MARKED if _is_marked(text) else MOST
    # A word has a letter, and a space before it; so most captions are seen to be short.
    if text.count(" ") < most and (text.isascii() or not has_unspaced(text)):
        return [whole(caption, number)]
    tokens = _tokens(text[:_MOST_READ], caption)
    words = [token for token, _ in tokens]
    places = best_places(words, most, language_of(text, caption.language))
    if not places:
        return [whole(caption, number)]
    starts_s = [caption.start_s, *(_begins_s(caption, *tokens[at]) for at in places)]
    ends_s = [words[at - 1].end_s or starts_s[n] for n, at in enumerate(places, 1)]
    edges = [0, *(tokens[at][1] for at in places), len(text)]
    return [
        _part(caption, number, text[first:end].strip(), start_s, end_s)
        for (first, end), start_s, end_s in zip(
            pairwise(edges), starts_s, [*ends_s, caption.end_s], strict=True
        )
    ]


def _is_marked(text: str) -> bool:
    """Tell whether a text is of a recogniser that sets marks.

    A long sentence comes in several captions, of which only the last has its end.
    """
    return text[-1:] in ENDS or text[:1].isupper() or "," in text


def may_go_on(utterance: Utterance) -> bool:
    """Tell whether this may be the beginning of a sentence only."""
    text = utterance.texts[-1]
    if len(utterance.texts) == 1 and text.count(" ") >= LEAST:
        return False
    return (
        text[-1:] not in ENDS
        and len(text.encode()) <= _LEAST_BYTES
        and _size(utterance.text) < LEAST
    )


def joined(waiting: Utterance, following: Utterance) -> Utterance | None:
    """Return both as one sentence; None if the first was over."""
    if not may_go_on(waiting):
        return None  # it was corrected meanwhile
    if (waiting.speaker, waiting.channel, waiting.language) != (
        following.speaker,
        following.channel,
        following.language,
    ):
        return None
    if (
        waiting.end_s is not None
        and following.start_s is not None
        and not 0.0 <= following.start_s - waiting.end_s <= _TOGETHER_S
    ):
        return None
    text = f"{waiting.text} {following.text}"
    if len(text.encode()) > _TOGETHER_BYTES or _size(text) > MOST:
        return None
    return Utterance(
        (*waiting.texts, *following.texts),
        (*waiting.numbers, *following.numbers),
        waiting.start_s,
        following.end_s,
        waiting.speaker,
        waiting.channel,
        waiting.language,
    )


def with_text(waiting: Utterance, number: int, text: str) -> Utterance | None:
    """Return it with another text of one of its captions; None if nothing is left.

    Without a text the caption is no part of it any more.
    """
    text = text.encode()[:_WAITING_BYTES].decode(errors="ignore")
    texts = [
        text if of == number else said
        for of, said in zip(waiting.numbers, waiting.texts, strict=True)
    ]
    left = [place for place, said in enumerate(texts) if said]
    if not left:
        return None
    return replace(
        waiting,
        texts=tuple(texts[place] for place in left),
        numbers=tuple(waiting.numbers[place] for place in left),
    )


def _part(
    caption: Caption,
    number: int,
    text: str,
    start_s: float | None,
    end_s: float | None,
) -> Utterance:
    return Utterance(
        (rejoined(text, caption.language),),
        (number,),
        start_s,
        end_s,
        caption.speaker,
        caption.channel,
        caption.language,
    )


def _size(text: str) -> float:
    """Return about how many words a text has."""
    return sum(map(_word_size, text.split()))


def _word_size(word: str) -> float:
    if word.isascii() or not has_unspaced(word):
        return 1.0
    return len(word) / _LETTERS


def _tokens(text: str, caption: Caption) -> list[tuple[Token, int]]:
    """Return the words of a text, and where each begins in it."""
    found: list[tuple[Token, int]] = []
    at = 0
    for word in caption.words or ():
        start = text.find(word.text, at)
        if start < 0:
            break
        at = start + len(word.text)
        found.append(
            (Token(word.text, _word_size(word.text), word.start_s, word.end_s), start)
        )
    if found and at >= len(text.rstrip()):
        return found
    if not has_unspaced(text):
        return [(Token(one[0], 1.0), one.start()) for one in _SPACED.finditer(text)]
    bounds = pairwise(word_bounds(text))
    pieces = [(text[start:end], start) for start, end in bounds]
    return [
        (Token(piece, _word_size(piece)), start)
        for piece, start in pieces
        if not piece.isspace()
    ]


def _begins_s(caption: Caption, token: Token, place: int) -> float | None:
    """Return when a word is spoken: as told, or by its place in the text."""
    if token.start_s is not None:
        return token.start_s
    if caption.start_s is None or caption.end_s is None:
        return None
    lasts_s = max(0.0, caption.end_s - caption.start_s)
    return round(caption.start_s + lasts_s * place / len(caption.text), 3)
