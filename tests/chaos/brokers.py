"""One Kafka or three, which workers reach through a proxy and everybody else directly.

Each broker has two listeners. What the second one tells its clients about itself is the
proxy's address, so that no client finds a way around the proxy.
"""

import base64
import contextlib
import os
import resource
import signal
import subprocess
import uuid
from itertools import islice

from tests.chaos.disks import Disk
from tests.chaos.proxy import Proxy
from workers.broker import jars, java, ports
from workers.broker.folder import DataFolder
from workers.broker.launch import Launcher
from workers.broker.process import KafkaProcess
from workers.broker.readiness import wait_until_ready

HEAP_MIB = 384
_READY_S = 120.0
_PROPERTIES = """\
process.roles=broker,controller
node.id={node}
controller.quorum.voters={voters}
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://{host}:{port},PROXIED://{host}:{behind},CONTROLLER://{host}:{controller}
advertised.listeners=PLAINTEXT://{host}:{port},PROXIED://{host}:{proxy}
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PROXIED:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dir={data}

auto.create.topics.enable=false
group.initial.rebalance.delay.ms=0
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
unclean.leader.election.enable=false

default.replication.factor={copies}
min.insync.replicas={in_sync}
offsets.topic.num.partitions=1
offsets.topic.replication.factor={copies}
transaction.state.log.num.partitions=3
transaction.state.log.replication.factor={copies}
transaction.state.log.min.isr={in_sync}
share.coordinator.state.topic.num.partitions=1
share.coordinator.state.topic.replication.factor={copies}
share.coordinator.state.topic.min.isr={in_sync}

# The oracle reads the coordinator's book: nothing of it may be compacted.
transaction.state.log.segment.bytes=1073741824
log.cleaner.dedupe.buffer.size=8388608
log.cleaner.threads=1
"""


class Broker:
    """One of the brokers.

    Args:
        node: Its number.
        launcher: Of Java.
        cluster_id: All have the same.
        disk_mib: How large its disk is; None: as large as that of the machine.
    """

    def __init__(
        self, node: int, launcher: Launcher, cluster_id: str, disk_mib: int | None
    ) -> None:
        self.node = node
        self.port, self.behind, self.controller = islice(_PORTS, 3)
        self.proxy = Proxy(self.behind)
        self._launcher = launcher
        self._cluster_id = cluster_id
        self._folder = DataFolder(None)
        self._disk: Disk | None = None
        if disk_mib is not None:
            self._folder.data.mkdir(exist_ok=True)
            self._disk = Disk(self._folder.data, disk_mib)
        self._formatted = False
        self._process: KafkaProcess | None = None

    def start(self, voters: str, count: int) -> None:
        """Start it; does not wait until it answers."""
        properties = _PROPERTIES.format(
            node=self.node,
            voters=voters,
            host=ports.LOOPBACK,
            port=self.port,
            behind=self.behind,
            controller=self.controller,
            proxy=self.proxy.port,
            data=self._folder.data,
            copies=count,
            in_sync=max(1, count - 1),
        )
        self._folder.properties.write_text(properties)
        command = self._launcher._java([])
        if self._disk is not None:
            command = [*self._disk.inside, *command]
        if not self._formatted:
            tool = ("kafka.tools.StorageTool", "format", "--config")
            with self._folder.log_file.open("ab") as log:
                subprocess.run(
                    [
                        *command,
                        *tool,
                        str(self._folder.properties),
                        f"--cluster-id={self._cluster_id}",
                    ],
                    stdout=log,
                    stderr=log,
                    check=True,
                )
            self._formatted = True
        command = [*command, "kafka.Kafka", str(self._folder.properties)]
        self._process = KafkaProcess(command, self._folder, None)

    def wait(self) -> None:
        """Wait until it answers."""
        process = self._process
        assert process is not None
        assert wait_until_ready(
            self.port,
            self._cluster_id,
            alive=process.alive,
            limit_seconds=_READY_S,
        ), self._folder.log_file

    def kill(self) -> None:
        """Kill it as a power cut would."""
        self._end("kill")

    def stop(self) -> None:
        """Stop it as it likes to be stopped."""
        self._end("stop")

    def send(self, number: signal.Signals) -> None:
        """Stop its process for a while, or let it go on."""
        if self._process is not None:
            os.kill(self._process.pid, number)

    def fill_disk(self) -> None:
        """Let it write no further byte: fill its own disk, or forbid any growth."""
        if self._disk is not None:
            self._disk.fill()
        elif self._process is not None:
            _, most = resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(self._process.pid, resource.RLIMIT_FSIZE, (1, most))

    def free_disk(self) -> None:
        """Give its disk room again; a limit goes with the process."""
        if self._disk is not None:
            self._disk.free()

    def alive(self) -> bool:
        """Say whether it runs."""
        return self._process is not None and self._process.alive()

    def close(self) -> None:
        """End it and remove its data."""
        with contextlib.suppress(Exception):
            self.send(signal.SIGCONT)
        self._end("kill")
        if self._disk is not None:
            self._disk.close()
        self._folder.close()

    def _end(self, how: str) -> None:
        if self._process is not None:
            self._process.end(how)
            self._process = None


class Brokers:
    """All of them.

    Args:
        count: One or three.
        disk_mib: How large the disk of each is; None: as large as the machine's.
    """

    def __init__(self, count: int, disk_mib: int | None = None) -> None:
        cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes)[:22].decode()
        launcher = Launcher(java.find(), jars.cached(None), HEAP_MIB)
        self.all = [
            Broker(node, launcher, cluster_id, disk_mib) for node in range(1, count + 1)
        ]
        self._voters = ",".join(
            f"{each.node}@{ports.LOOPBACK}:{each.controller}" for each in self.all
        )

    @property
    def bootstrap(self) -> str:
        """Where everybody but workers connects."""
        return ",".join(f"{ports.LOOPBACK}:{each.port}" for each in self.all)

    @property
    def proxied(self) -> str:
        """Where workers connect."""
        return ",".join(f"{ports.LOOPBACK}:{each.proxy.port}" for each in self.all)

    @property
    def proxies(self) -> list[Proxy]:
        """The proxies, one before each broker."""
        return [each.proxy for each in self.all]

    def start(self, only: Broker | None = None) -> None:
        """Start all, or one again; return when they answer."""
        chosen = self.all if only is None else [only]
        for each in chosen:
            each.start(self._voters, len(self.all))
        for each in chosen:
            each.wait()

    def close(self) -> None:
        """End all."""
        for each in self.all:
            each.close()


_PORTS = ports.free_ports()
