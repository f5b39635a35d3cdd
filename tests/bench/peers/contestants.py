"""Who is measured: what each guarantees, and how its process is started."""

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from tests.bench.peers.environments import OURS, python_of
from tests.bench.peers.kafka_side import Names
from tests.bench.peers.processes import ROOT, Process
from workers.broker.ports import free_ports

HERE = Path(__file__).parent


class Contestant(Struct, frozen=True, kw_only=True):
    """One peer in one configuration."""

    name: str
    title: str
    guarantee: str
    folder: str
    """Of its environment and its worker."""
    command: tuple[str, ...] = ("worker.py",)
    """For its Python; the first is a file in its folder, unless it is an option."""
    prepare: tuple[str, ...] = ()
    """For its Python too, once, before it starts in a new folder."""
    env: Mapping[str, str] = {}
    measured: tuple[str, ...] = ("drain", "latency", "recovery")
    share: float = 1.0
    """Of the backlog: the slow ones would take minutes for it."""
    root: Path = ROOT
    """Where our own code is, for one that runs it."""

    def run(self, broker: str, names: Names, folder: Path | None = None) -> Process:
        """Start its process.

        Args:
            broker: Kafka's address.
            names: What it reads and writes.
            folder: Where it ran before, to go on there; None is a new one.
        """
        first, *others = self.command
        if not first.startswith("-"):
            first = str(HERE / self.folder / first)
        env = {
            "BROKER": broker,
            "WEB_PORT": str(next(free_ports())),
            "PYTHONPATH": f"{self.root}:{HERE / self.folder}:{HERE}",
            **names.env,
            **self.env,
        }
        python = str(python_of(self.folder))
        if folder is None:
            folder = Path(tempfile.mkdtemp(prefix="caption-peer-"))
            if self.prepare:
                subprocess.run([python, *self.prepare], cwd=folder, check=True)
        return Process([python, first, *others], env, folder)


CONTESTANTS = (
    Contestant(
        name="ours",
        title="this worker's delivery",
        guarantee="exactly once",
        folder=OURS,
        env={"INSTANCE": "one"},
    ),
    Contestant(
        name="ours-unnamed",
        title="the same, without `group_instance_id`",
        guarantee="exactly once",
        folder=OURS,
        measured=("recovery",),
    ),
    Contestant(
        name="confluent-tx-10000",
        title="confluent-kafka, own loop, a transaction for 10,000",
        guarantee="exactly once",
        folder="confluent",
        env={"MODE": "tx", "BATCH": "10000"},
        measured=("drain",),  # no other batch is full but in a backlog
    ),
    Contestant(
        name="confluent-tx-2000",
        title="confluent-kafka, own loop, a transaction for 2,000",
        guarantee="exactly once",
        folder="confluent",
        env={"MODE": "tx", "BATCH": "2000"},
    ),
    Contestant(
        name="confluent",
        title="confluent-kafka, own loop",
        guarantee="at least once",
        folder="confluent",
        env={"MODE": "flush", "BATCH": "500"},
    ),
    Contestant(
        name="aiokafka-tx",
        title="aiokafka, own loop, a transaction for 2,000",
        guarantee="exactly once",
        folder="aiokafka",
        env={"MODE": "tx", "BATCH": "2000"},
    ),
    Contestant(
        name="quix",
        title="Quix Streams 3.28.1, committed each 0.1 s",
        guarantee="exactly once",
        folder="quix",
        env={"COMMIT_S": "0.1"},
    ),
    Contestant(
        name="bytewax",
        title="Bytewax 0.21.1, snapshots each second",
        guarantee="at least once",
        folder="bytewax",
        command=(
            *("-m", "bytewax.run", "worker:flow"),
            *("-r", ".", "-s", "1", "-b", "0"),
        ),
        prepare=("-m", "bytewax.recovery", ".", "1"),
    ),
    Contestant(
        name="faust",
        title="Faust 0.15.3, agent and Table",
        guarantee="at least once",
        folder="faust",
        command=("-m", "faust", "-A", "worker", "worker", "-l", "warn"),
        share=0.1,
    ),
)
