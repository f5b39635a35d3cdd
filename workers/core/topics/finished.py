"""A finished talk as a whole: the score of every gap, for who may look at all of it."""

from collections.abc import Iterable

from msgspec import Struct

from schemas.captions import Caption
from workers.core.caption_ids import number_of
from workers.core.topics.changes import score_gaps
from workers.core.topics.hearing import USUAL_PACE_S
from workers.core.topics.intake import is_speech, take_in
from workers.core.topics.model import TopicModel
from workers.core.topics.sentence import Sentence
from workers.core.topics.state import TopicState


class Finished(Struct, frozen=True):
    """What a whole talk tells of its changes; all of one length."""

    captions: tuple[Caption, ...]
    sentences: tuple[Sentence, ...]
    scores: tuple[float, ...]
    """Log-odds that the topic changes before each caption; that of the first is 0."""
    pace_s: float
    """Seconds that a sentence takes, as at the end of the talk."""


def finish(captions: Iterable[Caption], model: TopicModel) -> Finished:
    """Score every gap of a talk by the longer look-ahead, less only at its end.

    Each score is the one that agent ``topics`` sees; what is different is that all
    are there when the first change is looked for.

    Args:
        captions: Final ones of one life, in the order of speech.
        model: Of this worker.
    """
    state: TopicState | None = None
    heard: list[Caption] = []
    sentences: list[Sentence] = []
    scores = [0.0]
    for caption in captions:
        life = caption.caption_id.rpartition(".c")[0]
        if state is None:
            state = TopicState(stream_id=caption.stream_id, life=life)
        number = number_of(state.life, caption.caption_id)
        if number is None or not is_speech(caption):
            continue
        state, sums = take_in(state, caption, number, model)
        state, found = score_gaps(state, sums, model, model.sure.look_ahead)
        heard.append(caption)
        sentences.append(state.sentences[-1])
        scores += found
    pace_s = USUAL_PACE_S
    if state is not None:
        pace_s = state.hearing.pace_s
        sums = model.sums.of(state.life, state.sentences, state.count)
        scores += score_gaps(state, sums, model, 1)[1]
        model.sums.forget(state.life)
    scores = scores[: len(heard)]
    return Finished(tuple(heard), tuple(sentences), tuple(scores), pace_s)
