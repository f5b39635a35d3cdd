"""``process``: a recording through the same rules, without Kafka."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal

import msgspec
import typer

from schemas.codec import EVENT
from schemas.fields import Message
from schemas.segment import CaptionSegment
from workers.adapters.recording import open_recording
from workers.adapters.timed import Timed
from workers.cli.errors import CommandError
from workers.cli.main import app
from workers.cli.options import Provider, Recording, StreamId
from workers.cli.output import progress
from workers.core.cues import Profile
from workers.core.cues.reflow import reflow
from workers.core.topics import TopicModel
from workers.core.topics.finished import finish
from workers.core.topics.recut import recut
from workers.delivery.records import TimedOutput
from workers.exports.chapters import Mark, chapters, told, webvtt, youtube
from workers.exports.latest import captions, cues
from workers.exports.subtitles import srt, vtt
from workers.exports.transcript import transcript
from workers.exports.ttml import ttml
from workers.settings import load_settings

Form = Literal[
    "events", "cues", "srt", "vtt", "ttml", "transcript", "chapters", "chapters-vtt"
]
CUE_FORMS = frozenset({"cues", "srt", "vtt", "ttml"})
CHAPTER_FORMS = frozenset({"chapters", "chapters-vtt"})


@app.command()
def process(
    file: Recording,
    *,
    to: Annotated[
        Form,
        typer.Option(
            help="events and cues are JSON lines; transcript is text by topic; "
            "chapters are lines for a description on YouTube, or WebVTT."
        ),
    ] = "events",
    profile: Annotated[
        str | None,
        typer.Option(
            help="Whose rules the cues keep: one of bbc, cea608, netflix, web or of "
            "your own; else the setting.",
            show_default=False,
        ),
    ] = None,
    live: Annotated[
        bool,
        typer.Option(
            "--live",
            help="Cut cues and chapters as on Kafka, where nobody knows what comes "
            "next; else they are cut anew over the whole recording. Events are always "
            "as on Kafka.",
        ),
    ] = False,
    sentences_per_topic: Annotated[
        int | None,
        typer.Option(
            min=5, help="How long topics are; else the setting.", show_default=False
        ),
    ] = None,
    stream_id: StreamId = None,
    provider: Provider = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="Write to this file instead.", show_default=False
        ),
    ] = None,
) -> None:
    """Merge a recording, cut it into cues and find its topics, without Kafka.

    The decisions are those of `run`; as `events`, so are the values, each with its
    Kafka topic as `topic`.

    Examples:
        caption-worker process talk.txt --to srt -o talk.srt

        caption-worker process talk.txt --to vtt --profile bbc --live

        caption-worker process talk.vtt --to transcript --sentences-per-topic 25

        caption-worker process talk.vtt --to chapters --sentences-per-topic 50

        caption-worker process call.jsonl --provider deepgram --to vtt --profile bbc
    """
    settings = load_settings(
        profiles=None if profile is None else (profile,),
        sentences_per_topic=sentences_per_topic,
    )
    if out is not None and out.exists() and file.exists() and out.samefile(file):
        raise CommandError(f"{out} is the recording itself; write to another file")
    if to in CUE_FORMS and len(settings.profiles) > 1:
        names = ", ".join(settings.profiles)
        raise CommandError(f"several profiles are set ({names}): --profile takes one")
    recording = open_recording(file, stream_id=stream_id, provider=provider)
    from workers.agents.offline import process as decided  # noqa: PLC0415  # slow
    from workers.app import (  # noqa: PLC0415  # to import
        merge_rules,
        profile_named,
        topic_rules,
    )

    with progress("segments", len(recording.segments), "done, none written") as bar:
        topics = topic_rules(settings)
        outputs = decided(
            ((round(at_ms), one.segment) for at_ms, one in _sent(recording.segments)),
            merge_rules(settings),
            topics,
            lambda: bar.advance(bar.task_ids[0]),
        )
        if to in CHAPTER_FORMS:
            text = _chapters(to, _messages(outputs), None if live else topics.model)
        else:
            rules = profile_named(settings, settings.profiles[0])
            text = "".join(_written(to, outputs, rules, live=live))
    if out is None:
        sys.stdout.buffer.write(text.encode())
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CommandError(f"cannot write to {out}: {error.strerror}") from error


def _sent(segments: Sequence[Timed]) -> Iterator[tuple[float, Timed]]:
    """Give each segment the moment of its sending, where the file tells any."""
    start_ms = 0.0
    for at_s, segment in segments:
        if isinstance(segment, CaptionSegment):
            if segment.emitted_at is not None:
                start_ms = (segment.emitted_at.timestamp() - at_s) * 1000
            break
    for one in segments:
        yield start_ms + one.at_s * 1000, one


def _written(
    to: Form, outputs: Iterable[TimedOutput], profile: Profile, *, live: bool
) -> Iterator[str]:
    if to == "events":
        for _, output in outputs:
            if output.value is not None:
                yield f'{{"topic":"{output.topic}",{output.value.decode()[1:]}\n'
        return
    messages = _messages(outputs)
    if to == "transcript":
        yield transcript(messages)
        return
    shown: Iterable[Message]
    shown = messages if live else reflow(captions(messages), profile)
    match to:
        case "srt":
            yield srt(shown, profile)
        case "vtt":
            yield vtt(shown, profile)
        case "ttml":
            yield ttml(shown, profile)
        case _:
            for cue in cues(shown) if live else shown:
                yield f"{msgspec.json.encode(cue).decode()}\n"


def _chapters(to: Form, messages: list[Message], model: TopicModel | None) -> str:
    """Write chapters: as told live, or cut anew by a model."""
    if model is None:
        marks = told(messages)
    else:
        whole = finish(captions(messages), model)
        marks = [
            Mark(
                whole.starts_s[one.first],
                one.names.label if one.names else None,
            )
            for one in recut(whole, model)
        ]
    found = chapters(marks, messages)
    return webvtt(found) if to == "chapters-vtt" else youtube(found)


def _messages(outputs: Iterable[TimedOutput]) -> list[Message]:
    return [
        EVENT.decode(output.key, output.value)
        for _, output in outputs
        if not output.topic.endswith("rejected.v1")
    ]
