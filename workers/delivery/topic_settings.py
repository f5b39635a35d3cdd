"""How Kafka topics that are there are set, beside how they would be created now."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import for_code
from msgspec import Struct

from workers.delivery.clients import Connection
from workers.delivery.kafka_topics import Fault, TopicsError, WantedTopic
from workers.delivery.transaction import MAX_REQUEST_BYTES

_RECORD: Final = "max.message.bytes"
_RECORD_BYTES: Final = "1048588"
"""What Kafka takes unless told otherwise: more than we send at a time."""
_IN_SYNC: Final = "min.insync.replicas"
_CHECKED: Final = "cleanup.policy"
"""Wrong, it keeps agents from starting: `check_topics` tells it."""


class Difference(Struct, frozen=True):
    """A setting of a Kafka topic that is not as it would be created."""

    topic: str
    setting: str
    """As Kafka names it."""
    has: str
    wanted: str


async def differences(
    connection: Connection, wanted: Iterable[WantedTopic]
) -> list[Difference]:
    """Compare Kafka topics with how they would be created; those missing are left out.

    Raises:
        TopicsError: Kafka does not tell.
    """
    wanted = list(wanted)
    admin = connection.admin()
    await admin.start()
    try:
        # Of all: asked for by name, a missing one would be created by the asking.
        described: list[dict[str, Any]] = await admin.describe_topics()
        copies = {
            one["topic"]: min(len(each["replicas"]) for each in one["partitions"])
            for one in described
            if one["partitions"]
        }
        present = [topic for topic in wanted if topic.name in copies]
        keys = {topic.name: (*topic.config, _RECORD, _IN_SYNC) for topic in present}
        configs = await _configs(admin, keys) if keys else {}
    finally:
        await admin.close()
    return [
        difference
        for topic in present
        for difference in compared(topic, configs[topic.name], copies[topic.name])
    ]


def compared(
    wanted: WantedTopic, config: Mapping[str, str], copies: int
) -> Iterator[Difference]:
    """Compare one Kafka topic, all of whose settings in question are given.

    Args:
        wanted: As it would be created.
        config: Its settings as they are, by Kafka's names.
        copies: Of each partition.
    """

    def differs(setting: str, value: str) -> Difference:
        return Difference(wanted.name, setting, config[setting], value)

    for setting, value in wanted.config.items():
        if setting != _CHECKED and float(config[setting]) != float(value):
            yield differs(setting, value)
    if int(config[_RECORD]) < MAX_REQUEST_BYTES:
        yield differs(_RECORD, _RECORD_BYTES)
    in_sync = int(config[_IN_SYNC])
    # Of three copies two have to have a record before it counts as written; of one or
    # two, to ask for more than one means that nothing is written while one is away.
    if in_sync > copies:
        yield differs(_IN_SYNC, str(max(1, copies - 1)))
    elif copies > 2 and in_sync == 1:  # noqa: PLR2004  # said above
        yield differs(_IN_SYNC, "2")


async def _configs(
    admin: Any, keys: Mapping[str, Iterable[str]]
) -> dict[str, dict[str, str]]:
    asked = [
        ConfigResource(ConfigResourceType.TOPIC, name, dict.fromkeys(of))
        for name, of in keys.items()
    ]
    found = {}
    for response in await admin.describe_configs(asked):
        for code, message, _, name, entries in response.resources:
            if code:
                why = message or for_code(code).__name__
                raise TopicsError([Fault("refused", name, why)])
            found[name] = {entry[0]: entry[1] for entry in entries}
    return found
