"""``forget``: a stream's state erased, its readers told, its text gone in time."""

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

import typer

from schemas.kafka_topics import ENRICHED, SEGMENTS, full_name, provider_topic
from workers.cli.errors import CommandError
from workers.cli.main import app
from workers.cli.options import Broker, Json, Prefix, stream_id_checked
from workers.cli.output import as_json, console
from workers.settings import Settings, load_settings

LOOK_MS = 500


@app.command()
def forget(
    stream_id: Annotated[
        str,
        typer.Argument(
            metavar="STREAM",
            help="The stream.",
            show_default=False,
            callback=stream_id_checked,
        ),
    ],
    *,
    wait: Annotated[
        float, typer.Option(min=0, help="Seconds to wait for the agents.")
    ] = 60.0,
    broker: Broker = None,
    prefix: Prefix = None,
    json: Json = False,
) -> None:
    """Forget a stream: what the agents know of it now, what Kafka keeps of it in time.

    Stop sending it first: what is sent later begins it anew. Its state ends at once,
    and in the Kafka topics of state its old values are gone within about an hour.
    Readers, such as the live page, get a record with its key and no value. What was
    said of it stands in the Kafka topics of messages until their retention, which the
    command tells.

    Examples:
        caption-worker forget call-7 --broker kafka:9092
    """
    settings = load_settings(broker=broker, prefix=prefix)
    gone_by = asyncio.run(_forget(settings, stream_id, wait))
    if json:
        as_json({"stream_id": stream_id, "gone_by": gone_by})
        return
    console.print(
        "the stream is forgotten: its state has ended and its readers were told",
        soft_wrap=True,
    )
    console.print("what was said of it is gone from Kafka, by its retention:")
    for topic, moment in gone_by.items():
        console.print(f"  {moment or 'never'}  {topic}", soft_wrap=True)


async def _forget(
    settings: Settings, stream_id: str, wait_s: float
) -> dict[str, str | None]:
    """Ask the agents and wait for the last one; return when each Kafka topic is rid.

    Raises:
        CommandError: The agents did not answer in time.
        TopicsError: Kafka topics are missing.
        KafkaError: Kafka cannot be reached.
    """
    from workers.app import (  # noqa: PLC0415  # slow to import
        connection,
        kafka_topics,
    )
    from workers.delivery.kafka_topics import (  # noqa: PLC0415
        TopicsError,
        check_topics,
        retentions,
    )

    link = connection(settings)
    wanted = kafka_topics(settings)
    try:
        await check_topics(link, wanted)
    except TopicsError as error:
        # How long they are kept is told at the end, whatever it is.
        wrong = [fault for fault in error.faults if fault.kind != "retention"]
        if wrong:
            raise TopicsError(wrong) from None
    key = stream_id.encode()
    inputs = [SEGMENTS, *map(provider_topic, settings.providers)]
    names = [full_name(settings.prefix, topic) for topic in inputs]
    consumer = link.consumer(auto_offset_reset="latest")
    await consumer.start()
    try:
        left = await _ends(consumer, full_name(settings.prefix, ENRICHED))
        await _ask(link, names, key, len(left))
        await _answered(consumer, left, key, wait_s)
    finally:
        await consumer.stop()
    kept = await retentions(
        link, [topic.name for topic in wanted if not topic.compacted]
    )
    now = datetime.now(UTC)
    return {
        name: None
        if kept_ms < 0
        else f"{now + timedelta(milliseconds=kept_ms):%Y-%m-%d %H:%M} UTC"
        for name, kept_ms in kept.items()
    }


async def _ask(link: Any, names: list[str], key: bytes, partitions: int) -> None:
    """Send a request to every partition: the stream's producer may choose by any rule.

    Where it is not known, there is nothing to forget.
    """
    from workers.agents.forgetting import FORGET_HEADER  # noqa: PLC0415

    producer = link.producer(enable_idempotence=True)
    await producer.start()
    try:
        for name in names:
            for partition in range(partitions):
                await producer.send_and_wait(
                    name,
                    None,
                    key=key,
                    partition=partition,
                    headers=[(FORGET_HEADER, b"true")],
                )
    finally:
        await producer.stop()


async def _ends(consumer: Any, topic: str) -> set[Any]:
    """Go to the ends of a Kafka topic; return its partitions."""
    from aiokafka import TopicPartition  # noqa: PLC0415  # slow to import

    await consumer._client.add_topic(topic)  # noqa: SLF001  # else it knows no partition
    numbers = consumer.partitions_for_topic(topic) or set()
    logs = {TopicPartition(topic, number) for number in numbers}
    consumer.assign(list(logs))
    for each, end in (await consumer.end_offsets(list(logs))).items():
        consumer.seek(each, end)
    return logs


async def _answered(consumer: Any, left: set[Any], key: bytes, wait_s: float) -> None:
    """Wait for the tombstone that the last agent writes, in each partition."""
    until_s = time.monotonic() + wait_s
    while left:
        if time.monotonic() > until_s:
            raise CommandError(
                "the request is on Kafka, but the agents have not answered in "
                f"{wait_s:.0f} s: is the worker running?"
            )
        for each, records in (await consumer.getmany(timeout_ms=LOOK_MS)).items():
            if any(record.key == key and record.value is None for record in records):
                left.discard(each)
