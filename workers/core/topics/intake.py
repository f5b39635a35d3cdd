"""Takes a caption in as the next sentence of a life, or lets one have other words."""

from msgspec.structs import replace

from schemas.captions import Caption
from workers.core.caption_ids import number_of
from workers.core.quality import ECHO, HALLUCINATION, LOOP
from workers.core.topics.cues import find_cues
from workers.core.topics.hearing import add_meaning, hear
from workers.core.topics.model import TopicModel
from workers.core.topics.opening import OPENINGS, Opening
from workers.core.topics.sentence import Sentence, keep_within_bounds, words_size
from workers.core.topics.state import TopicState
from workers.core.topics.sums import Sums
from workers.core.topics.words import plain

_NO_SPEECH = frozenset({LOOP, HALLUCINATION, ECHO})
_MAX_LANGUAGE = 3
"""Letters of a primary subtag that is registered; no other is told apart."""


def is_speech(caption: Caption) -> bool:
    """Tell speech from what nobody said, or somebody but once."""
    return all(flag.name not in _NO_SPEECH for flag in caption.flags)


def take_in(
    state: TopicState, caption: Caption, number: int, model: TopicModel
) -> tuple[TopicState, Sums]:
    """Return the state with one more sentence, and the sums with it."""
    before = state.sentences
    sentence, opening = _read(caption, number, model)
    hearing, opening = hear(state.hearing, caption, state.count, opening)
    sentences, size = keep_within_bounds(
        (*before, sentence), state.words_size + words_size(sentence)
    )
    state = replace(
        state,
        count=state.count + 1,
        sentences=sentences,
        words_size=size,
        openings=(*state.openings, opening)[-OPENINGS:],
        hearing=add_meaning(hearing, model.lexicon.meaning(sentence)),
    )
    return state, model.sums.of(state.life, state.sentences, state.count, before)


def reword(
    state: TopicState, caption_id: str, caption: Caption | None, model: TopicModel
) -> TopicState:
    """Let a sentence have other words, none without a caption, in later evidence."""
    number = number_of(state.life, caption_id)
    places = [
        place
        for place, sentence in enumerate(state.sentences)
        if sentence.number == number
    ]
    if not places or state.ended:
        return state
    place = places[-1]
    old = state.sentences[place]
    if caption is None:
        new, opening = Sentence(old.number, "", old.language), None
    else:
        new, opening = _read(caption, old.number, model)
    sentences, size = keep_within_bounds(
        (*state.sentences[:place], new, *state.sentences[place + 1 :]),
        state.words_size + words_size(new) - words_size(old),
    )
    openings = list(state.openings)
    back = place - len(state.sentences)
    if -back <= len(openings):
        openings[back] = _reworded(openings[back], opening)
    meaning = model.lexicon.meaning
    return replace(
        state,
        sentences=sentences,
        words_size=size,
        openings=tuple(openings),
        hearing=add_meaning(state.hearing, meaning(new), meaning(old)),
    )


def _reworded(old: Opening, new: Opening | None) -> Opening:
    """Return an opening with other words, and what else it was."""
    if new is None:
        return replace(old, bits=0, quote="", length=0, wording=(0.0, 0.0, 0.0))
    return replace(
        old,
        bits=new.bits,
        quote=new.quote,
        length=new.length,
        wording=new.wording,
        known_language=new.known_language,
    )


def _read(caption: Caption, number: int, model: TopicModel) -> tuple[Sentence, Opening]:
    """Take from a caption what is kept of it."""
    language = _primary(caption.language)
    words, length = model.lexicon.keep(caption.text, language)
    bits, quote = find_cues(plain(caption.text), language)
    wording = model.wording @ model.language.sentence_vector(caption.text)
    before, here, after = (round(float(part), 3) for part in wording)
    opening = Opening(
        start_s=caption.start_s,
        bits=bits,
        quote=quote,
        length=length,
        wording=(before, here, after),
        known_language=model.language.knows(language),
    )
    return Sentence(number, words, language), opening


def _primary(language: str | None) -> str:
    """Return the primary subtag of a BCP 47 tag: ``en`` of ``en-GB``, or ``und``."""
    if language is None:
        return "en"
    primary = language.replace("_", "-").split("-", 1)[0].lower()
    usable = primary.isascii() and primary.isalpha() and len(primary) <= _MAX_LANGUAGE
    return primary if usable else "und"
