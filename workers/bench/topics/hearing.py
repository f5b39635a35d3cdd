"""What the worker finds in a talk: live, by the step; whole, by the same scores."""

from collections.abc import Sequence

from msgspec import Struct

from schemas.captions import CaptionFinal, StreamEnded
from schemas.topics import (
    Topic,
    TopicConfirmed,
    TopicEnded,
    TopicStarted,
    TopicWithdrawn,
)
from workers.bench.topics.talks import TrueTalk
from workers.core.caption_ids import number_of
from workers.core.topics import TopicModel, TopicState, step

LIFE = "0-0"


class Heard(Struct, frozen=True, kw_only=True):
    """What came out of one talk."""

    changes: tuple[int, ...]
    """Confirmed: the utterances that begin a topic, but for the first."""
    provisional: tuple[int, ...]
    """Told after the shorter look-ahead, confirmed or not."""
    withdrawn: int
    """Of the provisional ones."""
    probabilities: tuple[float, ...]
    """Of the confirmed ones, as told."""
    waited: tuple[int, ...]
    """Sentences heard of each confirmed topic when it was told of first."""
    topics: tuple[TopicEnded, ...]
    """In their order, with their last names."""


def captions(talk: TrueTalk, language: str | None = None) -> list[CaptionFinal]:
    """Return each utterance as a final caption, in its own language if it tells one."""
    return [
        CaptionFinal(
            stream_id=str(talk.id)[:200],
            caption_id=f"{LIFE}.c{number}",
            revision=0,
            text=one.text,
            stable=0,
            start_s=one.start,
            end_s=one.end,
            speaker=None if one.speaker is None else str(one.speaker),
            language=talk.language or language,
        )
        for number, one in enumerate(talk.utterances)
    ]


def hear(said: Sequence[CaptionFinal], model: TopicModel) -> Heard:
    """Let the worker hear a talk to its end, caption by caption."""
    state = TopicState(stream_id="talk", life=LIFE)
    told: list[tuple[int, Topic]] = []
    for count, caption in enumerate(said, start=1):
        state, messages = step(state, caption, model)
        told += ((count, one) for one in messages if isinstance(one, Topic))
    end = StreamEnded(
        stream_id="talk", life=LIFE, reason="end_of_stream", captions=len(said)
    )
    told += ((len(said), m) for m in step(state, end, model)[1] if isinstance(m, Topic))
    started = {
        one.topic_id: count - _begin(one)
        for count, one in told
        if isinstance(one, TopicStarted)
    }
    confirmed = [one for _, one in told if isinstance(one, TopicConfirmed)][1:]
    return Heard(
        changes=tuple(_begin(one) for one in confirmed),
        provisional=tuple(
            _begin(one)
            for _, one in told
            if isinstance(one, TopicStarted) and _begin(one)
        ),
        withdrawn=sum(isinstance(one, TopicWithdrawn) for _, one in told),
        probabilities=tuple(one.score for one in confirmed),
        waited=tuple(started[one.topic_id] for one in confirmed),
        topics=tuple(one for _, one in told if isinstance(one, TopicEnded)),
    )


def _begin(topic: Topic) -> int:
    number = number_of(LIFE, topic.first_caption_id)
    assert number is not None
    return number
