"""``replay``: a recording sent to Kafka as a captioning backend would."""

import asyncio
import time
from collections.abc import Callable
from typing import Annotated

import typer

from schemas.kafka_topics import CORRECTIONS, SEGMENTS, full_name
from schemas.segment import CaptionCorrection
from workers.adapters.recording import Recording as Recorded
from workers.adapters.recording import open_recording
from workers.adapters.timed import Timed
from workers.cli.main import app
from workers.cli.options import Broker, Json, Prefix, Provider, Recording, StreamId
from workers.cli.output import as_json, console, progress
from workers.cli.sending import pace_of, play, sending
from workers.settings import Settings, load_settings


@app.command()
def replay(
    file: Recording,
    *,
    speed: Annotated[
        float,
        typer.Option(
            min=0, help="Media seconds in a second; 0 is as fast as Kafka takes it."
        ),
    ] = 1.0,
    stream_id: StreamId = None,
    provider: Provider = None,
    broker: Broker = None,
    prefix: Prefix = None,
    json: Json = False,
) -> None:
    """Send a recording to the Kafka topic of segments, in its own pace.

    A person's corrections among JSON lines go to the Kafka topic for them; a file with
    nothing else sends a correction to a running worker.

    A stream that ended is remembered for an hour, and what is sent from it again
    changes nothing; give a --stream-id to send a file anew.

    Examples:
        caption-worker replay talk.srt --speed 10

        caption-worker replay talk.vtt --stream-id talk-2 --broker kafka:9092

        caption-worker replay correction.jsonl
    """
    settings = load_settings(broker=broker, prefix=prefix)
    recording = open_recording(file, stream_id=stream_id, provider=provider)
    topic = full_name(settings.prefix, SEGMENTS)
    began_s = time.monotonic()
    with progress("segments", len(recording.segments), "sent") as bar:
        asyncio.run(
            _replay(settings, recording, speed, lambda: bar.advance(bar.task_ids[0]))
        )
    seconds = round(time.monotonic() - began_s, 1)
    sent = [one.segment for one in recording.segments]
    corrections = sum(isinstance(one, CaptionCorrection) for one in sent)
    segments = len(sent) - corrections
    streams = len({one.stream_id for one in sent})
    if json:
        as_json(
            {
                "topic": topic,
                "segments": segments,
                "corrections": corrections,
                "streams": streams,
                "seconds": seconds,
            }
        )
    else:
        of = f"of {_counted(streams, 'stream')} sent to"
        told = [
            f"{_counted(number, name)} {of} {full_name(settings.prefix, kafka_topic)}"
            for number, name, kafka_topic in (
                (segments, "segment", SEGMENTS),
                (corrections, "correction", CORRECTIONS),
            )
            if number
        ]
        console.print(f"{', '.join(told)} in {seconds} s", soft_wrap=True)


def _counted(number: int, name: str) -> str:
    return f"{number:,} {name}{'s' if number != 1 else ''}"


async def _replay(
    settings: Settings,
    recording: Recorded,
    speed: float,
    sent: Callable[[], None],
) -> None:
    from workers.app import connection, kafka_topics  # noqa: PLC0415  # slow to import
    from workers.delivery.kafka_topics import check_topics  # noqa: PLC0415

    link = connection(settings)
    await check_topics(link, kafka_topics(settings, (SEGMENTS, CORRECTIONS)))
    async with sending(link, settings.prefix) as sender:

        async def put(one: Timed) -> None:
            await sender.put(one.segment)
            sent()

        await play(recording.segments, pace_of(recording.segments, speed), put)
        await sender.finish()
