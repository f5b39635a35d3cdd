"""Kafka's configuration: one node, small, on loopback only."""

from collections.abc import Mapping
from pathlib import Path

from workers.broker.ports import LOOPBACK

# The voters are written out at each start instead of once at formatting, since a kept
# data folder may get other ports.
TEMPLATE = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@{host}:{controller_port}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://{host}:{port},CONTROLLER://{host}:{controller_port}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dir={data}

auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0

# A broker that was killed may come back only when its last session is over. Shorter
# still, and a machine that stalls would lose its only broker for a moment.
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500

offsets.topic.num.partitions=1
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1

# The default, 128 MiB, does not go with a small heap.
log.cleaner.dedupe.buffer.size=8388608
log.cleaner.threads=1
"""


def server_properties(
    port: int, controller_port: int, data: Path, more: Mapping[str, str] | None = None
) -> str:
    """Return the text of ``server.properties``.

    Args:
        port: Where clients connect.
        controller_port: Where the broker connects to itself.
        data: The folder of the logs.
        more: Properties over ours; ``{port}`` and ``{controller_port}`` in them are
            replaced.
    """
    ours = TEMPLATE.format(
        host=LOOPBACK, port=port, controller_port=controller_port, data=data
    )
    over = {
        name: value.format(port=port, controller_port=controller_port)
        for name, value in (more or {}).items()
    }
    # Of a property that is there twice Java takes the last one.
    return ours + "".join(f"{name}={value}\n" for name, value in over.items())
