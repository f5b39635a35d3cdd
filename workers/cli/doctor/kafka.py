"""Checks of Kafka: does it answer, may we do what agents do, are its topics right."""

from collections.abc import AsyncIterator, Sequence
from typing import Any, Final

from aiokafka import TopicPartition
from aiokafka.errors import KafkaError

from schemas.kafka_topics import SEGMENTS, full_name
from workers.app import connection, needed, topics_of
from workers.cli import topic_settings
from workers.cli.doctor.finding import Finding, fault, ok, skipped, warning
from workers.cli.doctor.segments import segments
from workers.cli.groups import group_offsets
from workers.cli.wrong_topics import told
from workers.delivery.clients import Connection
from workers.delivery.kafka_topics import TopicsError, WantedTopic, check_topics
from workers.delivery.topic_settings import differences
from workers.settings import Settings

SAFE_COPIES: Final = 3
_GRANT: Final = "grant what `caption-worker acls` prints for this agent"


async def kafka(
    settings: Settings, agents: tuple[str, ...], arguments: Sequence[str]
) -> AsyncIterator[Finding]:
    """Look at all that agents need of Kafka.

    Args:
        settings: How it is reached.
        agents: Whose rights are tried.
        arguments: Of our own command line, for the commands that are advised.
    """
    link = connection(settings)
    try:
        brokers = await _brokers(link)
    except (KafkaError, OSError) as error:
        yield fault(
            "broker",
            f"no Kafka answers at {settings.broker}: {_said(error)}",
            "set CAPTION_BROKER (or --broker) to its address, and the protocol, "
            "certificates and login as it asks for them; without one, start "
            "`caption-worker broker`",
        )
        for check in ("transactions", "groups", "Kafka topics", "clock", "segments"):
            yield skipped(check, "no Kafka answers")
        return
    yield ok("broker", f"{brokers} at {settings.broker}")
    for agent in agents:
        async for finding in _rights(link, settings, agent):
            yield finding
    async for finding in _topics(link, settings, agents, arguments):
        yield finding


async def _topics(
    link: Connection,
    settings: Settings,
    agents: tuple[str, ...],
    arguments: Sequence[str],
) -> AsyncIterator[Finding]:
    """Look at the Kafka topics of these agents, and at what is on them."""
    wanted = topics_of(settings, agents)
    wrong = await _wrong(link, wanted, arguments)
    if wrong:
        for each in wrong:
            yield each
        for check in ("clock", "segments"):
            yield skipped(check, "Kafka topics are missing or wrong")
        return
    yield ok("Kafka topics", f"all {len(wanted)} are there, and as they have to be")
    for said, command in topic_settings.told(await differences(link, wanted), link):
        yield warning("Kafka topics' settings", said, command)
    described = await _described(link, [one.name for one in wanted])
    yield _copies(described)
    name = full_name(settings.prefix, SEGMENTS)
    if name not in described:
        return  # none of these agents reads or writes them
    numbers = {one["partition"] for one in described[name]}
    async for finding in segments(link, name, numbers):
        yield finding


async def _wrong(
    link: Connection, wanted: Sequence[WantedTopic], arguments: Sequence[str]
) -> list[Finding]:
    try:
        await check_topics(link, wanted)
    except KafkaError as error:
        return [fault("Kafka topics", f"cannot be looked at: {_said(error)}", _GRANT)]
    except TopicsError as error:
        parts = [line.partition(": ") for line in told(error.faults, arguments)]
        return [fault("Kafka topics", said, fix) for said, _, fix in parts]
    return []


async def _brokers(link: Connection) -> str:
    admin = link.admin(request_timeout_ms=5000)
    await admin.start()
    try:
        count = len((await admin.describe_cluster())["brokers"])
    finally:
        await admin.close()
    return f"{count} broker{'' if count == 1 else 's'}"


async def _rights(
    link: Connection, settings: Settings, agent: str
) -> AsyncIterator[Finding]:
    """Try what an agent does first: its transactional id, its group, its inputs."""
    name = f"{settings.prefix}-{agent}"
    producer = link.producer(transactional_id=f"{name}-doctor")
    try:
        await producer.start()
        await producer.begin_transaction()
        await producer.abort_transaction()
    except (KafkaError, OSError) as error:
        yield fault(
            f"transactions of {agent}",
            f"none can be begun: {_said(error)}",
            f"{_GRANT}; if all are granted, see whether the brokers can keep "
            "__transaction_state (its copies are a setting of theirs)",
        )
    else:
        yield ok(f"transactions of {agent}", f"{name}-… may begin them")
    finally:
        await producer.stop()
    admin = link.admin()
    await admin.start()
    try:
        await group_offsets(admin, name)
    except (KafkaError, OSError) as error:
        yield fault(
            f"group of {agent}",
            f"{name} cannot be looked at: {_said(error)}",
            _GRANT,
        )
    else:
        yield ok(f"group of {agent}", f"{name} may be looked at")
    finally:
        await admin.close()
    async for finding in _reads(link, settings, agent):
        yield finding


async def _reads(
    link: Connection, settings: Settings, agent: str
) -> AsyncIterator[Finding]:
    """Ask for the ends of what an agent reads, of those that there are."""
    inputs, _, state = needed(agent)
    names = [full_name(settings.prefix, topic) for topic in (*inputs, state)]
    consumer = link.consumer()
    await consumer.start()
    try:
        there = await consumer.topics()
        logs = [TopicPartition(name, 0) for name in names if name in there]
        await consumer.end_offsets(logs)
    except (KafkaError, OSError) as error:
        yield fault(
            f"reading of {agent}",
            f"its inputs cannot be read: {_said(error)}",
            _GRANT,
        )
    else:
        if logs:
            yield ok(f"reading of {agent}", f"{len(logs)} Kafka topics may be read")
    finally:
        await consumer.stop()


async def _described(
    link: Connection, names: list[str]
) -> dict[str, list[dict[str, Any]]]:
    """Return the partitions of Kafka topics, as Kafka tells of them."""
    admin = link.admin()
    await admin.start()
    try:
        described: list[dict[str, Any]] = await admin.describe_topics(names)
    finally:
        await admin.close()
    return {topic["topic"]: topic["partitions"] for topic in described}


def _copies(described: dict[str, list[dict[str, Any]]]) -> Finding:
    partitions = [one for each in described.values() for one in each]
    least = min(len(one["replicas"]) for one in partitions)
    behind = sum(len(one["isr"]) < len(one["replicas"]) for one in partitions)
    if least < SAFE_COPIES:
        return warning(
            "copies",
            f"Kafka topics have {least} cop{'y' if least == 1 else 'ies'}",
            "fine to try it; in production set CAPTION_REPLICATION_FACTOR=3 before "
            "they are created, and min.insync.replicas=2 on the brokers",
        )
    if behind:
        return warning(
            "copies",
            f"{behind} of {len(partitions)} partitions lack a copy that is in sync",
            "see to the broker that is missing",
        )
    return ok("copies", f"Kafka topics have {least} copies, all in sync")


def _said(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
