"""Kafka topics set otherwise than new ones: what each means, and the command."""

import shlex
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from workers.delivery.clients import Connection
from workers.delivery.topic_settings import Difference

_SLOWLY: Final = "state is compacted later, so a restart reads more"
_MEANS: Final = {
    "min.cleanable.dirty.ratio": _SLOWLY,
    "segment.ms": _SLOWLY,
    "segment.bytes": _SLOWLY,
    "delete.retention.ms": "what is left of ended streams and of transactions is kept "
    "for another time: shorter, a slow restart may miss that they ended; longer, it "
    "reads more",
    "max.compaction.lag.ms": "what is to be forgotten stays in old state for another "
    "time",
    "retention.ms": "records are kept for longer than is set",
    "max.message.bytes": "a large turn is refused, and its agent ends",
    "min.insync.replicas": "with too few, what one broker alone has counts as written "
    "and may be lost; with more than there are copies, nothing can be written",
}


def told(
    differences: Sequence[Difference], connection: Connection
) -> Iterator[tuple[str, str]]:
    """Tell what differs, equal things once, each with the commands that alter it.

    Args:
        differences: Of any Kafka topics.
        connection: Where the commands have to go.
    """
    topics = defaultdict(list)
    for each in differences:
        topics[each.setting, each.has, each.wanted].append(each.topic)
    # Those that differ in the same settings of the same Kafka topics share a command.
    together = defaultdict(list)
    for setting, names in topics.items():
        together[tuple(names)].append(setting)
    for alike, settings in together.items():
        count = f"{len(alike)} Kafka topic{'s' if len(alike) != 1 else ''}"
        said = ", ".join(f"{name} {has}, not {new}" for name, has, new in settings)
        why = "; ".join(dict.fromkeys(_MEANS[name] for name, _, _ in settings))
        to = ",".join(f"{name}={new}" for name, _, new in settings)
        have = f"{count} {'has' if len(alike) == 1 else 'have'} {said}"
        commands = " && ".join(_command(connection, name, to) for name in alike)
        yield f"{have} ({', '.join(alike)}): {why}", commands


def _command(connection: Connection, topic: str, settings: str) -> str:
    # Ours cannot do it: aiokafka only knows the request that sets back all it does not
    # name.
    login = ["--command-config", "client.properties"] if connection.asks_who else []
    return shlex.join(
        [
            *("kafka-configs.sh", "--bootstrap-server", connection.bootstrap, *login),
            *("--alter", "--entity-type", "topics", "--entity-name", topic),
            *("--add-config", settings),
        ]
    )
