"""Names the open topics of a stream as they grow, and settles what was said in them."""

from collections import Counter
from typing import Final

from msgspec.structs import replace

from schemas.fields import Message
from schemas.topics import TopicEnded, TopicLabelled
from workers.core.topics.counts import OPENING, add_sentences
from workers.core.topics.hearing import add_vector, background, read_vector
from workers.core.topics.kept.counted import Counts
from workers.core.topics.kept.names import Ranked
from workers.core.topics.kept.open_topic import OpenTopic
from workers.core.topics.kept.state import Told, TopicState
from workers.core.topics.labels import name, rank
from workers.core.topics.lifecycle import advance
from workers.core.topics.model import TopicModel
from workers.core.topics.recurrence import add_topic, direction, returns_to
from workers.core.topics.sums import Sums

_GROWTH: Final = 1.6
"""A topic is named anew when it has become so much longer."""
_MAX_STEMS: Final = 32
"""Bytes of an ended topic's stems."""


def settle(state: TopicState, sums: Sums, model: TopicModel, end: int) -> TopicState:
    """Count the sentences before *end* for good as the confirmed topic's own."""
    told = state.told
    start = max(told.settled, sums.first)
    if start >= end:
        return state
    return replace(
        state,
        told=Told(
            settled=end,
            counts=add_sentences(
                told.counts,
                state.sentences[start - sums.first : end - sums.first],
                model.lexicon,
                state.topics[0].gap + OPENING - start,
            ),
            vector=add_vector(told.vector, sums.vectors([start], [end])[0]),
            mass=told.mass + sums.mass(start, end),
        ),
    )


def find_return(state: TopicState, sums: Sums, gap: int) -> int | None:
    """Return the earlier topic that the sentences from *gap* on take up again."""
    special = direction(
        sums.vectors([gap], [sums.count])[0].astype(float),
        sums.mass(gap, sums.count),
        background(state.hearing),
    )
    return returns_to(state.earlier, special)


def name_newest(
    state: TopicState, sums: Sums, model: TopicModel
) -> tuple[TopicState, tuple[Message, ...]]:
    """Name the newest topic, if it has grown enough since the last time."""
    topic = state.topics[-1]
    size = state.count - topic.gap
    if size < topic.next_naming:
        return state, ()
    ranked = _rank(state, sums, model, topic)
    named = replace(
        topic,
        names=name(ranked, topic.names),
        next_naming=int(size * _GROWTH) + 1,
    )
    if topic.phase == "confirmed" and topic.returns_to is None:
        gap = max(topic.gap, sums.first)
        named = replace(named, returns_to=find_return(state, sums, gap))
    told: tuple[Message, ...] = ()
    if (named.names, named.returns_to) != (topic.names, topic.returns_to):
        named, message = advance(
            named, TopicLabelled, stream_id=state.stream_id, life=state.life
        )
        told = (message,)
    return replace(state, topics=(*state.topics[:-1], named)), told


def end_confirmed(
    state: TopicState, sums: Sums, model: TopicModel, gap: int, end_s: float | None
) -> tuple[TopicState, Message]:
    """End the confirmed topic before *gap*, with its last name."""
    state = settle(state, sums, model, gap)
    topic = state.topics[0]
    ranked = _ranked(state, state.told.counts)
    if end_s is not None and topic.start_s is not None:
        end_s = max(end_s, topic.start_s)
    ended, message = advance(
        replace(topic, names=name(ranked, topic.names)),
        TopicEnded,
        stream_id=state.stream_id,
        life=state.life,
        end_s=end_s,
    )
    special = direction(
        read_vector(state.told.vector), state.told.mass, background(state.hearing)
    )
    stems = " ".join(one.stem for one in ranked)
    earlier = add_topic(
        state.earlier,
        ended.number,
        special,
        stems.encode()[:_MAX_STEMS].decode(errors="ignore"),
        ended.returns_to,
    )
    state = replace(
        state, topics=state.topics[1:], told=Told(settled=gap), earlier=earlier
    )
    return state, message


def _rank(
    state: TopicState, sums: Sums, model: TopicModel, topic: OpenTopic
) -> list[Ranked]:
    """Rank the phrases of the newest topic, up to the newest sentence."""
    confirmed = topic.phase == "confirmed"
    start = max(state.told.settled if confirmed else topic.gap, sums.first)
    counts = add_sentences(
        state.told.counts if confirmed else Counts(),
        state.sentences[start - sums.first :],
        model.lexicon,
        # The newest may yet be withdrawn, so nothing is named by it alone.
        min(topic.gap + OPENING, state.count - 1) - start,
    )
    return _ranked(state, counts)


def _ranked(state: TopicState, counts: Counts) -> list[Ranked]:
    topics = state.earlier.topics
    common = Counter(stem for topic in topics for stem in topic.stems.split(" "))
    return rank(counts, common, len(topics))
