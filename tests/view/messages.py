"""Messages as the worker writes them, and records of them, for tests of the view."""

from schemas.captions import (
    CaptionFinal,
    CaptionRevised,
    CaptionUpdated,
    CaptionWithdrawn,
    Cue,
    StreamEnded,
)
from schemas.codec import encode
from schemas.metrics import StreamMetrics
from schemas.phrases import PhraseSpotted
from schemas.topics import (
    TopicConfirmed,
    TopicEnded,
    TopicLabelled,
    TopicStarted,
    TopicWithdrawn,
)
from workers.view.positions import READ
from workers.view.streams import Record

STREAM = "island"
LIFE = "0-0"
TOPIC_OF = {kind: place for place, topic in enumerate(READ) for kind in topic.messages}


def updated(number, text, *, revision=0, stable=0, life=LIFE, stream=STREAM, **more):
    return CaptionUpdated(
        **_caption(number, text, revision, stable, life, stream) | more
    )


def final(number, text, *, revision=5, life=LIFE, stream=STREAM, **more):
    return CaptionFinal(
        **_caption(number, text, revision, len(text), life, stream) | more
    )


def revised(number, text, *, revision=6, final=True, life=LIFE, stream=STREAM, **more):
    return CaptionRevised(
        **_caption(number, text, revision, len(text), life, stream) | more,
        final=final,
        reason="final_changed",
    )


def withdrawn(number, *, revision=9, life=LIFE, stream=STREAM):
    return CaptionWithdrawn(
        stream_id=stream,
        caption_id=f"{life}.c{number}",
        revision=revision,
        reason="words_gone",
    )


def _caption(number, text, revision, stable, life, stream):
    return {
        "stream_id": stream,
        "caption_id": f"{life}.c{number}",
        "revision": revision,
        "text": text,
        "stable": stable,
        "start_s": 4.0 * number,
        "end_s": 4.0 * number + 3.5,
        "speaker": "ANNA" if number % 2 == 0 else "MAGNUS",
        "language": "en",
    }


def cue(number, *lines, life=LIFE, stream=STREAM, profile="web", **more):
    return Cue(
        **{
            "stream_id": stream,
            "cue_id": f"{life}.{profile}.{number}",
            "revision": 0,
            "caption_ids": (f"{life}.c{number}",),
            "start_s": 4.0 * number,
            "end_s": 4.0 * number + 3.5,
            "lines": lines,
            "profile": profile,
        }
        | more
    )


def topic(kind, number, *, first=0, revision=0, life=LIFE, stream=STREAM, **more):
    kinds = {
        "started": TopicStarted,
        "confirmed": TopicConfirmed,
        "labelled": TopicLabelled,
        "withdrawn": TopicWithdrawn,
        "ended": TopicEnded,
    }
    return kinds[kind](
        stream_id=stream,
        topic_id=f"{life}.t{number}",
        revision=revision,
        start_s=4.0 * first,
        first_caption_id=f"{life}.c{first}",
        score=0.0,
        model="recipe",
        **more,
    )


def spotted(number, name, text, *, revision=0, life=LIFE, stream=STREAM, **more):
    return PhraseSpotted(
        stream_id=stream,
        spot_id=f"{life}.c{number}.{name}.0",
        revision=revision,
        name=name,
        text=text,
        caption_id=f"{life}.c{number}",
        caption_revision=5,
        start=0,
        end=len(text),
        **more,
    )


def figures(number=0, *, life=LIFE, stream=STREAM, agent="merge", **more):
    return StreamMetrics(
        stream_id=stream, life=life, agent=agent, number=number, window_s=10.0, **more
    )


def ended(*, life=LIFE, stream=STREAM, captions=0, end_s=None):
    return StreamEnded(
        stream_id=stream,
        life=life,
        reason="end_of_stream",
        captions=captions,
        end_s=end_s,
    )


def records(
    messages, *, partition=0, timestamp_ms=1_000_000, every_ms=1000, offsets=None
):
    """Put messages on their Kafka topics, one after another."""
    offsets = {} if offsets is None else offsets
    for place, message in enumerate(messages):
        number = TOPIC_OF[type(message)]
        offset = offsets.get(number, 0)
        offsets[number] = offset + 1
        yield Record(
            number,
            partition,
            offset,
            timestamp_ms + every_ms * place,
            message.stream_id.encode(),
            encode(message),
        )
