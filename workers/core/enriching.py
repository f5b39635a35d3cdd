"""A stream's topics: from its final captions to enriched ones, topics and figures."""

from typing import Final

from msgspec.structs import replace

from schemas.captions import (
    CaptionFinal,
    CaptionRevised,
    CaptionWithdrawn,
    Latency,
    StreamEnded,
)
from schemas.fields import Message
from schemas.topics import EnrichedCaption
from workers.core import watching
from workers.core.caption_ids import number_of
from workers.core.figures import Figures, counted, told
from workers.core.topic_lives import Enriching
from workers.core.topics import TopicModel, TopicState, step
from workers.core.topics.intake import is_speech
from workers.core.watching import NOTHING, Watch, WatchState

METRICS_MS: Final = 10_000

TopicInput = CaptionFinal | CaptionRevised | CaptionWithdrawn | StreamEnded
"""What topics are found in; a caption that still grows is none of it."""


def on_caption(
    state: Enriching | None,
    event: TopicInput,
    model: TopicModel,
    *,
    now_ms: int,
    waited_s: float,
    watch: Watch | None = None,
) -> tuple[Enriching | None, tuple[Message, ...]]:
    """Advance a stream by one caption event.

    Args:
        state: The stream; None if it is not known.
        event: What became of a caption, or of the stream.
        model: Weights, language and settings.
        now_ms: The time of the turn, milliseconds since 1970.
        waited_s: Seconds since the event was decided by agent ``merge``.
        watch: Phrases that somebody watches for.

    Returns:
        The stream after it, None once it has ended, and what is to be told.
    """
    life = life_of(event)
    if state is None or state.topics.life != life:
        if isinstance(event, StreamEnded | CaptionWithdrawn):
            return state, ()
        state = Enriching(
            TopicState(stream_id=event.stream_id, life=life), Figures(since_ms=now_ms)
        )
    topics, told_of = step(state.topics, event, model)
    messages = tuple(_waited(message, waited_s) for message in told_of)
    watched, spotted = _watched(state, event, watch)
    messages += spotted
    state = Enriching(topics, counted(state.figures, messages), watched)
    if isinstance(event, StreamEnded):
        _, message = _told(state, now_ms, last=True)
        return None, (*messages, message)
    return state, messages


def on_deadline(state: Enriching, now_ms: int) -> tuple[Enriching, tuple[Message, ...]]:
    """Tell the figures of a window."""
    figures, message = _told(state, now_ms, last=False)
    return replace(state, figures=figures), (message,)


def deadline_ms(state: Enriching) -> int:
    """Return when the figures are due."""
    return state.figures.since_ms + METRICS_MS


def life_of(event: TopicInput) -> str:
    """Return the life that an event belongs to."""
    if isinstance(event, StreamEnded):
        return event.life
    return event.caption_id.rpartition(".c")[0]


def _told(state: Enriching, now_ms: int, *, last: bool) -> tuple[Figures, Message]:
    return told(
        state.figures,
        now_ms,
        stream_id=state.topics.stream_id,
        life=state.topics.life,
        agent="topics",
        last=last,
    )


def _watched(
    state: Enriching, event: TopicInput, watch: Watch | None
) -> tuple[WatchState, tuple[Message, ...]]:
    """Look for watched phrases in a final caption; where nobody spoke there are none.

    While nothing is watched for any more, what was told of can still be taken back.
    """
    if isinstance(event, StreamEnded) or (watch is None and not state.watching.spots):
        return state.watching, ()
    number = number_of(state.topics.life, event.caption_id)
    if number is None or (isinstance(event, CaptionRevised) and not event.final):
        return state.watching, ()
    heard = watch or NOTHING
    if not isinstance(event, CaptionWithdrawn) and not is_speech(event):
        heard = NOTHING
    return watching.step(state.watching, event, number, heard)


def _waited(message: Message, waited_s: float) -> Message:
    """Add what this agent and the way to it took."""
    if not isinstance(message, EnrichedCaption):
        return message
    latency = message.latency
    worker_s = None if latency.worker_s is None else latency.worker_s + waited_s
    return replace(
        message,
        latency=Latency(
            recogniser_s=latency.recogniser_s,
            kafka_s=latency.kafka_s,
            policy_s=latency.policy_s,
            worker_s=worker_s,
        ),
    )
