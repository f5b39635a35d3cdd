"""Topics of a stream, one caption event at a time."""

from typing import Final

from msgspec.structs import replace

from schemas.captions import (
    Caption,
    CaptionFinal,
    CaptionRevised,
    CaptionWithdrawn,
    Latency,
    StreamEnded,
)
from schemas.fields import Message
from schemas.topics import EnrichedCaption
from workers.core.caption_ids import number_of
from workers.core.topics.changes import (
    find_provisional,
    first_topic,
    settle_changes,
)
from workers.core.topics.decision import MIN_SENTENCES
from workers.core.topics.intake import is_speech, reword, take_in
from workers.core.topics.kept.state import TopicState
from workers.core.topics.kept.utterance import Utterance
from workers.core.topics.lifecycle import topic_id
from workers.core.topics.model import TopicModel
from workers.core.topics.naming import end_confirmed, name_newest, settle
from workers.core.topics.sums import Sums
from workers.core.topics.utterances import sentences_of

Event = CaptionFinal | CaptionRevised | CaptionWithdrawn | StreamEnded
Stepped = tuple[TopicState, tuple[Message, ...]]

_COMMON_FIELDS: Final = tuple(Caption.__struct_fields__)
_SETTLED_AT_ONCE: Final = 8
"""Sentences; many at once take less time than one by one."""


def step(state: TopicState, event: Event, model: TopicModel) -> Stepped:
    """Advance one life of a stream by one caption event.

    Only final captions count: of the revisions, those with ``final``. A caption whose
    id is not of this life, in which the recogniser was stuck or made something up, or
    that is an echo, is enriched, but no evidence. After the end of the life nothing
    changes any more; captions are still enriched.

    Returns:
        The new state, and what to publish in this order: topic events, then the
        caption with its topic as known now.
    """
    if isinstance(event, StreamEnded):
        return _end(state, event, model)
    if isinstance(event, CaptionWithdrawn):
        return reword(state, event.caption_id, None, model), ()
    if isinstance(event, CaptionRevised):
        if not event.final:
            return state, ()
        state = reword(state, event.caption_id, event, model)
        return state, (_enriched(state, event),)
    number = number_of(state.life, event.caption_id)
    if state.ended or number is None or not is_speech(event):
        return state, (_enriched(state, event),)
    first = state.count == 0
    said, waiting = sentences_of(state.waiting, event, number, first=first)
    if waiting is not state.waiting:
        state = replace(state, waiting=waiting)
    messages: list[Message] = []
    for sentence in said:
        state, told = _hear(state, sentence, model)
        messages += told
    return state, (*messages, _enriched(state, event))


def _hear(
    state: TopicState, said: Utterance, model: TopicModel
) -> tuple[TopicState, list[Message]]:
    """Take in the next sentence, and decide what can be decided now."""
    state, sums = take_in(state, said, model)
    if state.count == 1:
        return first_topic(state, model)
    state, messages = find_provisional(state, sums, model)
    state, settled = settle_changes(state, sums, model)
    messages += settled
    end = state.sure.next_decision - MIN_SENTENCES + 1
    if end - state.told.settled >= _SETTLED_AT_ONCE:
        state = settle(state, sums, model, end)
    state, named = name_newest(state, sums, model)
    return state, [*messages, *named]


def _end(state: TopicState, event: StreamEnded, model: TopicModel) -> Stepped:
    """Settle what is open, and end the last topic."""
    messages: list[Message] = []
    if state.topics and not state.ended:
        if state.waiting is not None:
            rest, state = state.waiting, replace(state, waiting=None)
            state, messages = _hear(state, rest, model)
        sums = _sums(state, model)
        state, settled = settle_changes(state, sums, model, to_end=True)
        messages += settled
        end_s = state.hearing.heard_s if event.end_s is None else event.end_s
        state, ended = end_confirmed(state, sums, model, state.count, end_s)
        messages.append(ended)
    model.sums.forget(state.life)
    return replace(state, ended=True), tuple(messages)


def _sums(state: TopicState, model: TopicModel) -> Sums:
    return model.sums.of(state.life, state.sentences, state.count)


def _enriched(state: TopicState, event: CaptionFinal | CaptionRevised) -> Message:
    """Return the caption with the newest topic, as known now."""
    topic = state.topics[-1] if state.topics else None
    names = topic.names if topic else None
    return EnrichedCaption(
        **{name: getattr(event, name) for name in _COMMON_FIELDS},
        topic_id=topic_id(state.life, topic.number) if topic else None,
        topic_label=names.label if names else None,
        keyphrases=names.keyphrases if names else (),
        latency=event.latency or Latency(),
    )
