"""Whether a word stands for a thing where it is said, told by its neighbours.

"they load the truck" and "to load" do something, "the load" is something: only what is
something may name a topic. Nothing here knows a dictionary, so much that is done
passes.
"""

from functools import lru_cache
from typing import Final

from workers.core.topics.words import stem

NO_THING: Final = "-"
"""After a kept word: it does not stand for a thing there."""
_MARKS: Final = ".,;:?!"
_ENDS: Final = frozenset((*".?!\u2026:", ""))
_SHORT: Final = 4
_ELIDING: Final = frozenset(("fr", "it", "ca", "oc"))
_LONGEST_ARTICLE: Final = 4
_THE: Final = frozenset(
    "a an the this these those my your his her its our their no every each some any"
    " another such which what whose".split()
)
_DOES: Final = frozenset(
    "i you we they he she it who i'll you'll we'll they'll he'll she'll it'll i'd you'd"
    " we'd they'd he'd she'd i've you've we've they've he's she's would will can could"
    " should may might must shall do does did don't doesn't didn't can't won't couldn't"
    " wouldn't shouldn't cannot let's please gonna wanna never always just also"
    " already".split()
)
"""After them something is done."""
_IS: Final = frozenset(
    "be been being is are was were isn't aren't wasn't weren't i'm you're we're they're"
    " it's that's have has had haven't hasn't hadn't get gets got getting"
    " more most very too so quite less".split()
)
"""After them come participles, and adjectives."""
_OBJECTS: Final = _THE | frozenset(
    "it them him me us you someone everyone everything".split()
)
_PREPOSITIONS: Final = frozenset(
    "of in on at by for with about against between into through during before after"
    " above below from up down over under without within along across behind beyond"
    " near among around upon toward towards like despite and or".split()
)
_THINGS: Final = tuple("tion sion ment ness ity ism ship ance ence logy".split())
_DONE: Final = ("ed", "ing")
_ADVERB: Final = "ly"
_NOT_ADVERBS: Final = frozenset(
    "family assembly supply reply italy july butterfly jelly belly bully ally lily fly"
    " anomaly monopoly gully folly holly dolly rally tally valley poly".split()
)


def names_thing(spoken: str, written: str, start: int, word: str) -> bool:
    """Tell whether an English word stands for a thing; nobody is called or answered.

    Args:
        spoken: The text in lower case.
        written: The same, with its capitals if it has any.
        start: Where the word begins in both.
        word: As it is kept.
    """
    if word.islower() and not is_thing(*neighbours(spoken, start, word)):
        return False
    end = start + len(word)
    return not (is_called(written, start, end) or _stands_alone(written, start, end))


def is_thing(before: str, word: str, after: str) -> bool:
    """Tell whether an English word is used as the name of something.

    Args:
        before: The word before it in the sentence, empty if there is none.
        word: As said, in lower case, as are the others.
        after: The word after it, empty if there is none.
    """
    if after == "than":
        return False
    if before in _THE or word.endswith(_THINGS):
        return not _is_adverb(word)
    if before == "to":
        return _is_plural(word)
    if before in _DOES or _is_adverb(word):
        return False
    if before in _IS:
        return not word.endswith(_DONE) and after not in _OBJECTS
    return after not in _OBJECTS or not before or before in _PREPOSITIONS


def neighbours(text: str, start: int, word: str) -> tuple[str, str, str]:
    """Return the words beside one in plain text: none where a mark is in between."""
    before = after = ""
    end = start + len(word)
    if start > 1 and text[start - 1] == " ":
        token = text[text.rfind(" ", 0, start - 1) + 1 : start - 1]
        if token[-1:].isalpha():
            before = token
    if text[end : end + 1] == " ":
        until = text.find(" ", end + 1)
        after = text[end + 1 : until if until >= 0 else None].rstrip(_MARKS)
    return before, word, after


def is_called(text: str, start: int, end: int) -> bool:
    """Tell whether somebody is called by this word: "Omar, can you", "yes, Omar."."""
    if not text[start].isupper():
        return False
    after = text[end : end + 1]
    if after == ",":
        return _begins_sentence(text, start)
    return text[max(0, start - 2) : start] == ", " and after in _ENDS


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Tell a sentence of one word, which mostly answers: "Brilliant."."""
    return start == 0 and end < len(text) and not text[end:].strip(_MARKS)


def as_written(text: str, start: int, end: int) -> str:
    """Return a word with its capitals, but for that of a sentence's first word."""
    word = text[start:end]
    if word[1:].islower() and _begins_sentence(text, start):
        return word.lower()
    return word.replace("\u2019", "'")


def _begins_sentence(text: str, start: int) -> bool:
    return start < len("A ") or text[start - 2] in _ENDS or text[start - 1] != " "


def _is_adverb(word: str) -> bool:
    return word.endswith(_ADVERB) and word not in _NOT_ADVERBS


def _is_plural(word: str) -> bool:
    return word.endswith("s") and not word.endswith(("ss", "us", "is"))


def is_past(word: str) -> bool:
    """Tell whether a word is what was done to a thing: "reinforced", not "seed"."""
    return len(word) > _SHORT and word.endswith("ed") and not word.endswith("eed")


def may_name(phrase: str) -> bool:
    """Tell whether a phrase could be what something is called, by its form alone."""
    last = phrase.partition(" ")[2]
    return not (" " in last or "'" in phrase or last.endswith((*_DONE, _ADVERB)))


def without_article(word: str, language: str) -> str:
    """Return a word without what is written on to it: "l'Europe", "dell'arte"."""
    if language not in _ELIDING:
        return word
    article, _, rest = word.partition("'")
    return rest if len(article) <= _LONGEST_ARTICLE and len(rest) > 1 else word


@lru_cache(maxsize=32768)
def name_key(form: str) -> str:
    """Return what the forms of a word that names something have in common.

    Its stem, but for plurals that the stem is blind to: "bee" and "bees", "bridges".
    """
    word = form.lower().partition("'")[0]
    if _is_plural(word) and len(word) >= _SHORT:
        if word.endswith("ies") and len(word) > _SHORT:
            word = f"{word[:-3]}y"
        elif word.endswith(("sses", "shes", "ches", "xes", "zes")):
            word = word[:-2]
        else:
            word = word[:-1]
    return stem(word)
