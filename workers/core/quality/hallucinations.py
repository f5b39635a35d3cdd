"""Phrases that recognisers invent where nobody speaks.

Recognisers of Whisper's kind learned from subtitles of the web, and in silence or
noise they write what stood there: credits, "thank you for watching". People say some
of it too, so a known phrase alone is no doubt. It becomes one with evidence: silence
around it, low confidence, or a speed at which nobody speaks.
"""

from collections.abc import Iterable
from typing import Final

import regex

from schemas.captions import Caption
from workers.core.quality.invention import (
    Kind,
    Phrase,
    Phrases,
    Silence,
    Verdict,
)
from workers.core.text.normal import nfc
from workers.core.text.words import words

LONGEST_PHRASE: Final = 100
"""Code points of a caption that is looked up; the longest we know has 75."""
SILENCE_S: Final = 2.0
"""Media time without words before it. People who go on speaking pause for less; our
choice, not measured on speech."""
PAUSE_S: Final = 0.8
"""As much before it will do, where nothing follows either: as ends a caption."""
NO_NEWS_S: Final = 4.0
"""Wall time for which a caption was held because nothing followed; less than the 5 s
after which silence closes it, more than anything else holds it."""
LOW_CONFIDENCE: Final = 0.5
"""Mean over the words; more likely wrong than right, if it is calibrated."""
SLOW_WORDS_PER_S: Final = 0.8
"""Speech has two to three words a second, four to five characters of Chinese."""
SLOW_LEAST_S: Final = 3.0
"""Times of shorter captions have too much padding to tell a speed by."""

NEEDED: Final[dict[Kind, int]] = {"credit": 1, "sign_off": 1, "everyday": 2}
"""So many pieces of evidence: what people say all day needs more."""
_NAMES: Final[dict[Kind, str]] = {
    "credit": "subtitle credit",
    "sign_off": "sign-off of a video",
    "everyday": "everyday phrase",
}

_LEFT_OUT: Final = regex.compile(r"[\W\d_]+")
_ASCII_LEFT_OUT: Final = bytes(code for code in range(128) if not chr(code).isalpha())
_FIRST: Final = 3
"""Letters by which beginnings are looked up; none is shorter."""


def phrases(lists: Iterable[tuple[str, Kind, Iterable[str]]]) -> Phrases:
    """Make known phrases ready to be looked up.

    Args:
        lists: Language, kind and texts of each; a text that ends in ``…`` stands for
            all that begins so.

    Returns:
        The phrases; the first list that has one counts.
    """
    whole: dict[str, Phrase] = {}
    beginnings: dict[str, tuple[tuple[str, Phrase], ...]] = {}
    for language, kind, texts in lists:
        for text in texts:
            letters, phrase = _letters(text), Phrase(language, kind)
            if text.endswith("…"):
                first = letters[:_FIRST]
                beginnings[first] = (*beginnings.get(first, ()), (letters, phrase))
            else:
                whole.setdefault(letters, phrase)
    return Phrases(whole, beginnings)


def known_phrase(text: str, known: Phrases) -> Phrase | None:
    """Look up the whole of a caption; None if it is no known phrase.

    Letters are compared, not case, spaces, digits and punctuation.
    """
    if len(text) > LONGEST_PHRASE:
        return None
    letters = _letters(text)
    phrase = known.whole.get(letters)
    if phrase is None:
        for beginning, credit in known.beginnings.get(letters[:_FIRST], ()):
            if letters.startswith(beginning):
                return credit
    return phrase


def judged(caption: Caption, phrase: Phrase, silence: Silence) -> Verdict:
    """Say whether a final caption was made up by the recogniser.

    Args:
        caption: Its text is the known phrase.
        phrase: Which kind of phrase that is.
        silence: What is around it.
    """
    for_it, against = _evidence(caption, silence)
    name = f"{_NAMES[phrase.kind]} ({phrase.language})"
    if len(for_it) >= NEEDED[phrase.kind]:
        told = f"{name} that recognisers make up in silence: {', '.join(for_it)}"
        return Verdict(True, told)
    if for_it:
        against = [f"only {for_it[0]}", *against]
    return Verdict(False, f"{name} left as said: {', '.join(against) or 'no evidence'}")


def _letters(text: str) -> str:
    if text.isascii():
        return text.lower().encode().translate(None, _ASCII_LEFT_OUT).decode()
    # Turkish has two letters i, which other languages' rules of case take apart.
    folded = nfc(text).casefold().replace("i\u0307", "i").replace("ı", "i")
    return _LEFT_OUT.sub("", folded)


def _evidence(caption: Caption, silence: Silence) -> tuple[list[str], list[str]]:
    """Return in words what speaks for an invention, and what against one."""
    for_it: list[str] = []
    against: list[str] = []
    _around(silence, for_it, against)
    if caption.confidence is not None:
        low = caption.confidence < LOW_CONFIDENCE
        (for_it if low else against).append(f"confidence {caption.confidence:.2f}")
    if caption.start_s is not None and caption.end_s is not None:
        lasts_s = caption.end_s - caption.start_s
        speed = len(words(caption.text)) / lasts_s if lasts_s else 0.0
        slow = lasts_s >= SLOW_LEAST_S and speed < SLOW_WORDS_PER_S
        if lasts_s:
            (for_it if slow else against).append(f"{speed:.1f} words a second")
    return for_it, against


def _around(silence: Silence, for_it: list[str], against: list[str]) -> None:
    before_s = silence.before_s
    if before_s is None:
        return
    if before_s >= SILENCE_S:
        for_it.append(f"{before_s:.1f} s without words before it")
    elif before_s >= PAUSE_S and (silence.after_s or 0.0) >= SILENCE_S:
        for_it.append(f"alone between {before_s:.1f} and {silence.after_s:.1f} s")
    elif before_s >= PAUSE_S and (silence.held_s or 0.0) >= NO_NEWS_S:
        for_it.append(
            f"{before_s:.1f} s without words before it and {silence.held_s:.1f} s"
            " without news after it"
        )
    else:
        against.append(f"{before_s:.1f} s after other words")
