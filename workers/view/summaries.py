"""How streams and topics are told in lists."""

from typing import Any

from schemas.events import rfc3339
from schemas.topics import Topic
from workers.view.exporting import still
from workers.view.history import History
from workers.view.streams import Stream

QUIET_MS = 30_000
"""So long without a word, and a live stream is called quiet."""


def stream(one: Stream, now_ms: int) -> dict[str, Any]:
    """Tell how a stream stands."""
    history = one.history
    return {
        "stream_id": one.stream_id,
        "life": history.life,
        "state": _state(one, now_ms),
        "began_at": rfc3339(one.began_ms),
        "heard_at": rfc3339(one.heard_ms),
        "start_s": history.start_s,
        "end_s": history.end_s,
        "captions": history.finals,
        "words": history.words,
        "speakers": list(history.speakers),
        "languages": list(history.languages),
        "topic": None if history.topic is None else _topic(history.topic, history),
        "topics": len(history.topics),
        "quality": quality(history),
        "from_start": not history.cut,
    }


def quality(history: History) -> dict[str, Any] | None:
    """Return the newest figures of the agent that makes captions, in short."""
    figures = history.newest_figures.get("merge")
    if figures is None:
        return None
    total = figures.latency and figures.latency.total_s
    return {
        "state": figures.state,
        "reason": figures.reason,
        "words_per_minute": figures.words_per_minute,
        "latency_s": total and total.p95,
        "normalized_erasure": figures.stability
        and figures.stability.normalized_erasure,
        "cue_compliance": figures.cue_compliance,
    }


def topics(one: Stream) -> list[dict[str, Any]]:
    """Tell the topics of a stream that stand, the newest last."""
    told = still(one.stream_id, one.history).standing_topics(provisional=True)
    return [
        {"stream_id": one.stream_id, **_topic(topic, one.history)} for topic in told
    ]


def _topic(topic: Topic, history: History) -> dict[str, Any]:
    confirmed = topic.topic_id in history.confirmed
    ended = topic.end_s is not None or history.ended is not None
    return {
        "topic_id": topic.topic_id,
        "state": ("ended" if ended else "confirmed") if confirmed else "provisional",
        "label": topic.label,
        "keyphrases": list(topic.keyphrases or ()),
        "start_s": topic.start_s,
        "end_s": topic.end_s,
        "first_caption_id": topic.first_caption_id,
        "returns_to": topic.returns_to,
    }


def _state(one: Stream, now_ms: int) -> str:
    if one.history.ended is not None:
        return "ended"
    return "quiet" if now_ms - one.heard_ms > QUIET_MS else "live"
