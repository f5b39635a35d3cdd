"""A finished talk as a whole: the score of every gap, for who may look at all of it."""

from collections.abc import Iterable, Iterator
from typing import Final

from schemas.captions import Caption
from workers.core.caption_ids import number_of
from workers.core.topics.changes import score_gaps
from workers.core.topics.finished_talk import Finished
from workers.core.topics.intake import is_speech, take_in
from workers.core.topics.kept.sentence import Sentence
from workers.core.topics.kept.state import TopicState
from workers.core.topics.kept.utterance import Utterance
from workers.core.topics.model import TopicModel
from workers.core.topics.utterances import sentences_of

_LIFE: Final = "finished"
"""Looked for in a memo, and forgotten; no life is named so."""


def finish(captions: Iterable[Caption], model: TopicModel) -> Finished:
    """Score every gap of a talk by the longer look-ahead, less only at its end.

    Each score is the one that agent ``topics`` sees; what is different is that all
    are there when the first change is looked for.

    Args:
        captions: Final ones of one life, in the order of speech.
        model: Of this worker.
    """
    said = [*_utterances(captions)]
    state = TopicState(stream_id="", life=_LIFE)
    sentences: list[Sentence] = []
    scores = [0.0]
    for one in said:
        state, sums = take_in(state, one, model)
        state, found = score_gaps(state, sums, model, model.sure.look_ahead)
        sentences.append(state.sentences[-1])
        scores += found
    if said:
        sums = model.sums.of(state.life, state.sentences, state.count)
        scores += score_gaps(state, sums, model, 1)[1]
        model.sums.forget(state.life)
    return Finished(
        captions=tuple(one.numbers[0] for one in said),
        starts_s=tuple(one.start_s for one in said),
        sentences=tuple(sentences),
        scores=tuple(scores[: len(said)]),
        pace_s=state.hearing.pace_s,
        speakers=state.hearing.speakers,
    )


def _utterances(captions: Iterable[Caption]) -> Iterator[Utterance]:
    """Yield the sentences of the first life there is."""
    life: str | None = None
    waiting: Utterance | None = None
    for caption in captions:
        if life is None:
            life = caption.caption_id.rpartition(".c")[0]
            first = True
        number = number_of(life, caption.caption_id)
        if number is None or not is_speech(caption):
            continue
        said, waiting = sentences_of(waiting, caption, number, first=first)
        yield from said
        first = False
    if waiting is not None:
        yield waiting
