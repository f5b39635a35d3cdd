"""The data folder of one broker: whose it is, and when it goes."""

import fcntl
import os
import shutil
import tempfile
from pathlib import Path

from workers.broker.errors import BrokerError

PREFIX = "caption-worker-kafka-"
LOCK_NAME = "broker.lock"
LARGEST_LOG = 10 * 2**20


class DataFolder:
    """A folder with Kafka's data and log, held by a lock.

    The lock is on an open file that the supervisor and Kafka inherit, so the folder is
    taken for as long as one of the three processes lives, and no longer.
    """

    def __init__(self, given: Path | None) -> None:
        """Take *given*, or make a temporary folder.

        Raises:
            BrokerError: *given* is another broker's, holds what no broker of ours put
                there, or cannot be written to.
        """
        self.temporary = given is None
        if given is None:
            _sweep()
            self.path = Path(tempfile.mkdtemp(prefix=PREFIX))
            # Locked under another name: a sweep takes what has a lock nobody holds.
            unseen = self.path / "new.lock"
            self.lock = _locked(unseen)
            unseen.rename(self.path / LOCK_NAME)
        else:
            self.path = given.expanduser().resolve()
            try:
                self.path.mkdir(parents=True, exist_ok=True)
                if not (self.path / LOCK_NAME).exists() and any(self.path.iterdir()):
                    raise BrokerError(
                        f"the data folder {self.path} holds other files, and no Kafka "
                        "of ours: choose an empty folder, or a new one"
                    )
                self.lock = _locked(self.path / LOCK_NAME)
            except BlockingIOError:
                owner = (self.path / LOCK_NAME).read_text().strip() or "unknown"
                raise BrokerError(
                    f"the data folder {self.path} is in use by the broker of process "
                    f"{owner}: stop that one, or choose another folder"
                ) from None
            except OSError as error:
                raise BrokerError(
                    f"the data folder {self.path} cannot be written to "
                    f"({error.strerror}): choose another folder"
                ) from error
        os.ftruncate(self.lock, 0)
        os.pwrite(self.lock, f"{os.getpid()}\n".encode(), 0)
        if self.log_size() > LARGEST_LOG:
            self.log_file.replace(self.log_file.with_suffix(".log.1"))

    @property
    def log_file(self) -> Path:
        """What Kafka and Java say."""
        return self.path / "kafka.log"

    def log_size(self) -> int:
        """Return the bytes in the log so far."""
        return self.log_file.stat().st_size if self.log_file.exists() else 0

    @property
    def properties(self) -> Path:
        """Kafka's configuration, written anew at each start."""
        return self.path / "server.properties"

    @property
    def data(self) -> Path:
        """Kafka's own folder."""
        return self.path / "data"

    def cluster_id(self) -> str | None:
        """Return the id the folder was formatted with, None before that."""
        try:
            lines = (self.data / "meta.properties").read_text().splitlines()
        except FileNotFoundError:
            return None
        fields = dict(line.split("=", 1) for line in lines if "=" in line)
        return fields.get("cluster.id")

    def close(self) -> None:
        """Give the folder up; remove it if it was temporary."""
        if self.temporary:
            shutil.rmtree(self.path, ignore_errors=True)
        os.close(self.lock)


def _locked(path: Path) -> int:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        raise
    return descriptor


def _sweep() -> None:
    """Remove temporary folders whose broker was killed with all that watched it."""
    for path in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/{LOCK_NAME}"):
        try:
            if path.stat().st_uid != os.getuid():
                continue
            descriptor = _locked(path)
        except OSError:
            continue
        shutil.rmtree(path.parent, ignore_errors=True)
        os.close(descriptor)
