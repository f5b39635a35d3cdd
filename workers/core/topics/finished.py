"""A finished talk as a whole: the score of every gap, for who may look at all of it."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from msgspec import Struct

from schemas.captions import Caption
from workers.core.caption_ids import number_of
from workers.core.topics.changes import score_gaps
from workers.core.topics.intake import is_speech, take_in
from workers.core.topics.model import TopicModel
from workers.core.topics.sentence import Sentence
from workers.core.topics.state import TopicState
from workers.core.topics.utterances import Utterance, sentences_of

_LIFE = "finished"
"""Looked for in a memo, and forgotten; no life is named so."""


class Finished(Struct, frozen=True):
    """What a whole talk tells of its changes; all of one length."""

    captions: tuple[int, ...]
    """Numbers of those that the sentences begin in."""
    starts_s: tuple[float | None, ...]
    sentences: tuple[Sentence, ...]
    scores: tuple[float, ...]
    """Log-odds that the topic changes before each sentence; that of the first is 0."""
    pace_s: float
    """Seconds that a sentence takes, as at the end of the talk."""

    def begins(self, places: Iterable[int]) -> list[int]:
        """Return the numbers of the captions that sentences begin in, each once."""
        return sorted({self.captions[place] for place in places})

    def places(self, captions: Iterable[int]) -> list[int]:
        """Return the places of the first sentences from each caption on."""
        return [bisect_left(self.captions, number) for number in captions]


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
