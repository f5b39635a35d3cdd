"""From a data folder to a running Kafka: format it once, start Java, wait."""

import base64
import re
import shutil
import subprocess
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from workers.broker import ports
from workers.broker.config import server_properties
from workers.broker.errors import BrokerError
from workers.broker.folder import DataFolder
from workers.broker.java import Java
from workers.broker.process import KafkaProcess
from workers.broker.readiness import wait_until_ready

ATTEMPTS = 3
READY_SECONDS = 60.0
FORMAT_SECONDS = 60.0
TELLING = re.compile(r"\b(ERROR|FATAL|\w+Error|\w+Exception)\b")
LOG_CONFIGURATION = Path(__file__).with_name("log4j2.properties")


@dataclass(frozen=True)
class Launcher:
    """All that a start needs beside a data folder."""

    java: Java
    jars: list[Path]
    heap_mib: int
    properties: Mapping[str, str] = field(default_factory=dict)
    """Over ours."""
    format_options: Sequence[str] = ()
    """For the tool that prepares an empty folder."""

    @property
    def cache(self) -> Path:
        """The folder of the jars, and of Java's archive."""
        return self.jars[0].parent

    def launch(
        self, folder: DataFolder, wanted_port: int | None
    ) -> tuple[KafkaProcess, int]:
        """Start Kafka on *folder*; return it and its port once it accepts requests.

        Raises:
            BrokerError: It did not come up; it has been ended.
        """
        free = ports.free_ports()
        for attempt in range(1, ATTEMPTS + 1):
            if wanted_port is not None:
                ports.check(wanted_port)
            port = wanted_port or next(free)
            said_before = folder.log_size()
            properties = server_properties(
                port, next(free), folder.data, self.properties
            )
            folder.properties.write_text(properties)
            cluster_id = folder.cluster_id() or self._format(folder)
            flags, archive = self.java.quick_start(self.cache)
            command = [*self._java(flags), "kafka.Kafka", str(folder.properties)]
            process = KafkaProcess(command, folder, archive)
            try:
                if wait_until_ready(
                    port, cluster_id, alive=process.alive, limit_seconds=READY_SECONDS
                ):
                    return process, port
                ended = not process.alive()
            except BaseException:
                process.end("kill")
                raise
            process.end("kill")
            said = _said(folder, said_before)
            # Between our look at a port and Kafka's, somebody else may have taken it.
            if attempt < ATTEMPTS and "Address already in use" in said:
                continue
            what = "ended" if ended else f"was not ready in {READY_SECONDS:.0f} s"
            raise self._failure(folder, f"Kafka {what}", said)
        raise AssertionError  # the last attempt returns or raises

    def _java(self, flags: list[str]) -> list[str]:
        return [
            str(self.java.path),
            f"-Xmx{self.heap_mib}m",
            # The quick compiler alone: 0.7 s sooner ready, and no slower in 150,000
            # records than with the thorough one.
            "-XX:TieredStopAtLevel=1",
            "-XX:+IgnoreUnrecognizedVMOptions",
            *flags,
            f"-Dlog4j2.configurationFile={LOG_CONFIGURATION}",
            "-cp",
            ":".join(map(str, self.jars)),
        ]

    def _format(self, folder: DataFolder) -> str:
        """Prepare an empty folder as Kafka's own tool does; return its cluster id."""
        said_before = folder.log_size()
        cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes)[:22].decode()
        flags, archive = self.java.quick_start(self.cache)
        command = [
            *self._java([] if archive else flags),
            "kafka.tools.StorageTool",
            "format",
            f"--cluster-id={cluster_id}",  # one word: an id may begin with "-"
            "--config",
            str(folder.properties),
            *self.format_options,
        ]
        try:
            with folder.log_file.open("ab") as log:
                subprocess.run(  # noqa: S603 - the command is ours
                    command, stdout=log, stderr=log, timeout=FORMAT_SECONDS, check=True
                )
        except subprocess.SubprocessError as error:
            what = "Kafka could not format its data folder"
            raise self._failure(folder, what, _said(folder, said_before)) from error
        return cluster_id

    def _failure(self, folder: DataFolder, what: str, said: str) -> BrokerError:
        log = folder.log_file
        if folder.temporary:
            log = Path(shutil.copy(log, self.cache / "last-failure.log"))
        lines = [line.strip() for line in said.splitlines()]
        # Kafka's last error; Java itself says it in its last line.
        telling = [line for line in lines if TELLING.search(line)] or lines
        reason = f": {telling[-1][:200]}" if telling else ""
        return BrokerError(f"{what}{reason}; see {log}")


def _said(folder: DataFolder, since: int) -> str:
    with folder.log_file.open("rb") as log:
        log.seek(since)
        return log.read().decode(errors="replace")
