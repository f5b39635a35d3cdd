"""Apache Kafka as a child process."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from workers.broker import jars, java, ports
from workers.broker.errors import BrokerError
from workers.broker.folder import DataFolder
from workers.broker.launch import Launcher
from workers.broker.process import KafkaProcess
from workers.broker.progress import Progress


class EmbeddedKafka:
    """A broker for a demonstration or a test, on loopback only.

    All calls block. It ends with the process that started it, also when that is killed.

    Args:
        data_dir: Kept, and continued with by a later start; None is a temporary folder,
            removed at the end.
        port: Where clients connect; None is any free one, kept over `restart`.
        heap_mib: Java's heap at most.
        on_progress: Told bytes fetched and bytes in all while Kafka is downloaded, from
            several threads, one at a time; None shows it on standard error.
        properties: Of Kafka, over ours; ``{port}`` and ``{controller_port}`` in them
            are replaced. What is there at ``{port}`` has to stay PLAINTEXT.
        format_options: For Kafka's tool that prepares an empty folder, such as users.
    """

    def __init__(
        self,
        *,
        data_dir: Path | None = None,
        port: int | None = None,
        heap_mib: int = 512,
        on_progress: Progress | None = None,
        properties: Mapping[str, str] | None = None,
        format_options: Sequence[str] = (),
    ) -> None:
        self._data_dir = data_dir
        self._wanted_port = port
        self._heap_mib = heap_mib
        self._on_progress = on_progress
        self._properties = properties or {}
        self._format_options = format_options
        self._port: int | None = None
        self._folder: DataFolder | None = None
        self._process: KafkaProcess | None = None

    @property
    def bootstrap(self) -> str:
        """Where clients connect, ``127.0.0.1:PORT``."""
        if self._port is None:
            raise BrokerError("Kafka has not been started: call start() first")
        return f"{ports.LOOPBACK}:{self._port}"

    @property
    def pid(self) -> int:
        """The process id of Java."""
        return self._running().pid

    @property
    def log_file(self) -> Path:
        """What Kafka and Java say; gone with a temporary folder."""
        return self._opened().log_file

    def start(self) -> None:
        """Start Kafka; return once it accepts requests.

        Raises:
            BrokerError: It cannot start; nothing is left running.
        """
        if self._folder:
            raise BrokerError("Kafka has been started already: stop() or restart() it")
        if self._wanted_port is not None:
            ports.check(self._wanted_port)
        self._folder = DataFolder(self._data_dir)
        try:
            self._launch()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop Kafka and give its folder up; nothing happens if it does not run."""
        if self._process:
            self._process.end("stop")
        if self._folder:
            self._folder.close()
        self._process = self._folder = self._port = None

    def kill(self) -> None:
        """Kill Kafka as a power cut would; its data and port stay for `restart`."""
        self._running().end("kill")
        self._process = None

    def restart(self) -> None:
        """Start Kafka again on the same port and data; stop it first if it runs."""
        self._opened()
        if self._process:
            self._process.end("stop")
            self._process = None
        self._launch()

    def __enter__(self) -> Self:
        """Start Kafka."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop Kafka."""
        self.stop()

    def _launch(self) -> None:
        runtime = java.find()
        classes = jars.cached(self._on_progress)
        launcher = Launcher(
            runtime, classes, self._heap_mib, self._properties, self._format_options
        )
        self._process, self._port = launcher.launch(
            self._opened(), self._port or self._wanted_port
        )

    def _opened(self) -> DataFolder:
        if self._folder is None:
            raise BrokerError("Kafka has not been started: call start() first")
        return self._folder

    def _running(self) -> KafkaProcess:
        if self._process is None:
            raise BrokerError(
                "Kafka does not run: call start(), or restart() after kill()"
            )
        return self._process
