"""Takes captions in as the next sentences of a life, or lets one have other words."""

from typing import Final

from msgspec.structs import replace

from schemas.captions import Caption
from workers.core.caption_ids import number_of
from workers.core.quality import ECHO, HALLUCINATION, LOOP
from workers.core.topics.cues import ANNOUNCES, find_cues
from workers.core.topics.guess import language_of
from workers.core.topics.hearing import add_meaning, hear, surprise
from workers.core.topics.kept.opening import OPENINGS, Opening
from workers.core.topics.kept.state import TopicState
from workers.core.topics.kept.utterance import Utterance
from workers.core.topics.lexicon import (
    keep_within_bounds,
    of_parts,
    parts_of,
    words_size,
)
from workers.core.topics.model import TopicModel
from workers.core.topics.sums import Sums
from workers.core.topics.utterances import cut, with_text
from workers.core.topics.words import plain

_NO_SPEECH: Final = frozenset({LOOP, HALLUCINATION, ECHO})


def is_speech(caption: Caption) -> bool:
    """Tell speech from what nobody said, or somebody but once."""
    return all(flag.name not in _NO_SPEECH for flag in caption.flags)


def take_in(
    state: TopicState, said: Utterance, model: TopicModel
) -> tuple[TopicState, Sums]:
    """Return the state with one more sentence, and the sums with it."""
    before = state.sentences
    language = language_of(said.text, said.language)
    parts, length = _words_of(said.texts, language, model)
    sentence = of_parts(said.numbers, parts, language)
    opening = _opening(said.text, said.start_s, length, language, model)
    hearing, opening = hear(state.hearing, said, state.count, opening)
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
    """Let a caption have other words, none if there is none, in later evidence.

    It stays as many sentences, or parts of them, as it was.
    """
    number = number_of(state.life, caption_id)
    if number is None or state.ended:
        return state
    texts: list[str] = []
    language = "und"
    if caption is not None:
        language = language_of(caption.text, caption.language)
        texts = [one.text for one in cut(caption, number)]
    waiting = state.waiting
    if waiting is not None and number in waiting.numbers:
        state = replace(state, waiting=with_text(waiting, number, " ".join(texts)))
    places = [
        back
        for back, sentence in enumerate(state.sentences, -len(state.sentences))
        if sentence.number == number or number in dict(sentence.more)
    ]
    for back in places:
        last = back == places[-1]
        text = " ".join(texts if last else texts[:1])
        texts = texts[1:]
        state = _with_other_words(state, back, number, text, language, model)
    return state


def _with_other_words(
    state: TopicState,
    back: int,
    number: int,
    text: str,
    language: str,
    model: TopicModel,
) -> TopicState:
    """Let what the sentence *back* has of a caption be another text."""
    old = state.sentences[back]
    numbers = [old.number, *[of for of, _ in old.more]]
    (words,), length = _words_of((text,), language, model)
    parts = [
        words if of == number else part
        for of, part in zip(numbers, parts_of(old), strict=True)
    ]
    new = of_parts(numbers, parts, language if text else old.language)
    sentences = list(state.sentences)
    sentences[back] = new
    kept, size = keep_within_bounds(
        tuple(sentences), state.words_size + words_size(new) - words_size(old)
    )
    openings = list(state.openings)
    if number == old.number and -back <= len(openings):
        opening = _opening(text, None, length, language, model) if text else None
        openings[back] = _reworded(openings[back], opening, state)
    meaning = model.lexicon.meaning
    return replace(
        state,
        sentences=kept,
        words_size=size,
        openings=tuple(openings),
        hearing=add_meaning(state.hearing, meaning(new), meaning(old)),
    )


def _reworded(old: Opening, new: Opening | None, state: TopicState) -> Opening:
    """Return an opening with other words, and what else it was.

    What announces now and did not before is worth what it would be worth today.
    """
    if new is None:
        nothing = (0.0, 0.0, 0.0)
        return replace(old, bits=0, quote="", length=0, wording=nothing, announces=0.0)
    announces = 0.0
    if new.bits & ANNOUNCES:
        announces = old.announces or surprise(state.hearing, state.count)
    return replace(
        old,
        bits=new.bits,
        quote=new.quote,
        length=new.length,
        wording=new.wording,
        known_language=new.known_language,
        announces=announces,
    )


def _words_of(
    texts: tuple[str, ...], language: str, model: TopicModel
) -> tuple[list[str], int]:
    """Return what is kept of each text, and how many words they had together."""
    kept = [model.lexicon.keep(text, language) for text in texts]
    return [words for words, _ in kept], sum(count for _, count in kept)


def _opening(
    text: str, start_s: float | None, length: int, language: str, model: TopicModel
) -> Opening:
    bits, quote = find_cues(plain(text), language)
    wording = model.wording @ model.language.sentence_vector(text)
    # By way of whole numbers, since `round` to digits takes five times as long.
    before, here, after = [round(part * 1e3) / 1e3 for part in wording.tolist()]
    return Opening(
        start_s=start_s,
        bits=bits,
        quote=quote,
        length=length,
        wording=(before, here, after),
        known_language=model.language.knows(language),
    )
