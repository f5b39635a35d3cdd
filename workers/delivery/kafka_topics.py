"""Kafka topics made and checked: as many partitions everywhere, states compacted."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Final, Literal, NamedTuple

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import (
    InvalidReplicationFactorError,
    TopicAlreadyExistsError,
    for_code,
)
from msgspec import Struct

from workers.delivery.clients import Connection
from workers.delivery.exits import DeliveryError, Exit

_LOOKS: Final = 100
_LOOK_S: Final = 0.1
_STATE_CONFIG: Final = {
    "cleanup.policy": "compact",
    # A restart reads what is not compacted yet, too. Of a partition that is at most the
    # segment being written and what one run of Kafka's cleaner leaves for the next:
    # small segments keep that small. docs/SIZING.md has the arithmetic.
    "min.cleanable.dirty.ratio": "0.1",
    "segment.ms": "600000",
    "segment.bytes": str(16 * 1024 * 1024),
    # For so long Kafka keeps tombstones, and the marker of each transaction though
    # nothing of it is left. Kept for a day, a million markers of a partition would
    # be read at each restart. A restart has to be through before they go, and is.
    "delete.retention.ms": "600000",
    # What is no longer the newest of its key, such as of a stream that has to be
    # forgotten, is gone after so long even where little is written.
    "max.compaction.lag.ms": "3600000",
}


class WantedTopic(Struct, frozen=True, kw_only=True):
    """A Kafka topic as it has to be."""

    name: str
    """With its prefix."""
    partitions: int | None = None
    """How many; None: any number, but the same for all where it is None."""
    compacted: bool = False
    retention_ms: int | None = None
    """How long records are kept, at least; None: as the broker likes."""

    @property
    def config(self) -> dict[str, str]:
        """Its settings on the broker."""
        if self.compacted:
            return dict(_STATE_CONFIG)
        config = {"cleanup.policy": "delete"}
        if self.retention_ms is not None:
            config["retention.ms"] = str(self.retention_ms)
        return config


class _Found(NamedTuple):
    """The settings of a Kafka topic as they are."""

    policy: str
    retention_ms: int
    """-1: for ever."""


FaultKind = Literal[
    "missing", "partitions", "uneven", "policy", "retention", "copies", "refused"
]


class Fault(Struct, frozen=True):
    """One thing that is wrong with one Kafka topic."""

    kind: FaultKind
    """``partitions``: not as many as wanted; ``uneven``: not as many as others have;
    ``copies``: more than there are brokers; ``refused``: Kafka says why it neither
    creates nor describes it."""
    topic: str
    what: str = ""
    """What it has, such as ``3 partitions, not 4``; or what Kafka says."""

    def __str__(self) -> str:
        """Tell it as a sentence."""
        match self.kind:
            case "missing":
                return " ".join(
                    filter(None, [f"{self.topic} does not exist", self.what])
                )
            case "copies" | "refused":
                return f"{self.topic}: {self.what}"
            case _:
                return f"{self.topic} has {self.what}"


class TopicsError(DeliveryError):
    """Kafka topics are not as they have to be; it tells all that is wrong."""

    exit: ClassVar[Exit] = Exit.TOPICS

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(map(str, faults)))
        self.faults = tuple(faults)


async def create_topics(
    connection: Connection, wanted: Iterable[WantedTopic], replication: int = -1
) -> list[str]:
    """Create the Kafka topics that are missing; return their names, once all show.

    Args:
        connection: To Kafka.
        wanted: With their numbers of partitions.
        replication: Copies of each; -1: as many as the brokers' default.

    Raises:
        TopicsError: some could not be created.
    """
    new = [
        NewTopic(
            name=topic.name,
            num_partitions=topic.partitions or -1,
            replication_factor=replication,
            # Without this aiokafka refuses -1, which Kafka takes for its default.
            replica_assignments={}
            if replication == -1 or not topic.partitions
            else None,
            topic_configs=topic.config,
        )
        for topic in wanted
    ]
    admin = connection.admin()
    await admin.start()
    try:
        response = await admin.create_topics(new)
        failed = {name for name, code, _ in response.topic_errors if code}
        await _shown(admin, {topic.name for topic in new} - failed)
    finally:
        await admin.close()
    created, faults = [], []
    for name, code, message in response.topic_errors:
        if code == 0:
            created.append(name)
        elif code != TopicAlreadyExistsError.errno:
            why = message or for_code(code).__name__
            copies = code == InvalidReplicationFactorError.errno
            faults.append(Fault("copies" if copies else "refused", name, why))
    if faults:
        raise TopicsError(faults)
    return created


async def check_topics(connection: Connection, wanted: Iterable[WantedTopic]) -> None:
    """Compare the Kafka topics with what they have to be.

    Raises:
        TopicsError: with all that is wrong.
    """
    wanted = list(wanted)
    admin = connection.admin()
    await admin.start()
    try:
        partitions = await partition_counts(admin)
        present = [topic.name for topic in wanted if topic.name in partitions]
        found = await _found(admin, present)
    finally:
        await admin.close()
    unseen = "or not to be seen by this user" if connection.asks_who else ""
    faults = list(_faults(wanted, partitions, found, unseen))
    if faults:
        raise TopicsError(faults)


async def retentions(connection: Connection, names: Sequence[str]) -> dict[str, int]:
    """Return how long Kafka keeps the records of each Kafka topic, in milliseconds.

    For ever is -1.

    Raises:
        TopicsError: Kafka does not tell.
    """
    admin = connection.admin()
    await admin.start()
    try:
        found = await _found(admin, names)
    finally:
        await admin.close()
    return {name: each.retention_ms for name, each in found.items()}


def _faults(
    wanted: Sequence[WantedTopic],
    partitions: Mapping[str, int],
    found: Mapping[str, _Found],
    unseen: str,
) -> Iterable[Fault]:
    counts = {
        topic.name: partitions[topic.name]
        for topic in wanted
        if topic.name in partitions
    }
    for topic in wanted:
        if topic.name not in counts:
            yield Fault("missing", topic.name, unseen)
            continue
        count = counts[topic.name]
        if topic.partitions is not None and count != topic.partitions:
            what = f"{count} partitions, not {topic.partitions}"
            yield Fault("partitions", topic.name, what)
        policy, kept_ms = found[topic.name]
        if topic.compacted and policy != "compact":
            yield Fault("policy", topic.name, f"cleanup.policy {policy}, not compact")
        if not topic.compacted and "compact" in policy:
            yield Fault("policy", topic.name, f"cleanup.policy {policy}, not delete")
        if topic.retention_ms is not None and 0 <= kept_ms < topic.retention_ms:
            what = f"retention.ms {kept_ms}, not {topic.retention_ms} or more"
            yield Fault("retention", topic.name, what)
    if len(set(counts.values())) > 1:
        for name, count in counts.items():
            yield Fault("uneven", name, f"{count} partitions, and others do not")


async def _shown(admin: AIOKafkaAdminClient, names: set[str]) -> None:
    """Wait until Kafka tells of what it has created; it does so a moment later."""
    for _ in range(_LOOKS):
        if names <= (await partition_counts(admin)).keys():
            return
        await asyncio.sleep(_LOOK_S)


async def partition_counts(admin: AIOKafkaAdminClient) -> dict[str, int]:
    """Return how many partitions each Kafka topic has."""
    # Of all topics: asked for by name, a missing one would be created by the asking.
    described: list[dict[str, Any]] = await admin.describe_topics()
    return {topic["topic"]: len(topic["partitions"]) for topic in described}


async def _found(admin: AIOKafkaAdminClient, names: Sequence[str]) -> dict[str, _Found]:
    if not names:
        return {}
    keys = ("cleanup.policy", "retention.ms")
    asked = [
        ConfigResource(ConfigResourceType.TOPIC, name, dict.fromkeys(keys))
        for name in names
    ]
    found = {}
    for response in await admin.describe_configs(asked):
        for code, message, _, name, entries in response.resources:
            if code:
                why = message or for_code(code).__name__
                raise TopicsError([Fault("refused", name, why)])
            values = {entry[0]: entry[1] for entry in entries}
            policy, retention_ms = (values[key] for key in keys)
            found[name] = _Found(policy, int(retention_ms))
    return found
