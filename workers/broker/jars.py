"""Kafka's jars: fetched once, kept in the cache folder, checked at each start."""

import contextlib
import hashlib
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from workers.broker.errors import BrokerError
from workers.broker.progress import Progress, shown

LOCK = Path(__file__).with_name("jars.lock")
KAFKA = "org.apache.kafka:kafka_2.13"
DOWNLOADS_AT_ONCE = 4
FETCHES = "the extra brings what fetches it: pip install 'caption-worker[broker]'"


@dataclass(frozen=True)
class Jar:
    """One line of the lock."""

    sha256: str
    size: int
    coordinate: str

    @property
    def file_name(self) -> str:
        """Artifact and version, as Maven names the file."""
        _, artifact, version = self.coordinate.split(":")
        return f"{artifact}-{version}.jar"


def locked() -> tuple[Jar, ...]:
    """Return the jars Kafka needs, as the lock names them."""
    lines = LOCK.read_text().splitlines()
    fields = (line.split() for line in lines if line and not line.startswith("#"))
    return tuple(Jar(sha256, int(size), name) for sha256, size, name in fields)


def kafka_version(jars: Iterable[Jar]) -> str:
    """Return the version of Kafka among *jars*."""
    return next(
        jar.coordinate.removeprefix(f"{KAFKA}:")
        for jar in jars
        if jar.coordinate.startswith(f"{KAFKA}:")
    )


def cached(on_progress: Progress | None = None) -> list[Path]:
    """Return the jars of Kafka, each checked against the lock; fetch what is missing.

    Args:
        on_progress: Called with bytes fetched and bytes to fetch; None shows a bar on
            a terminal, else a line, on standard error.

    Raises:
        BrokerError: A jar is missing and cannot be fetched, or is not what the lock
            says.
    """
    jars = locked()
    folder = cache_folder(kafka_version(jars))
    missing = [jar for jar in jars if not (folder / jar.file_name).exists()]
    if missing:
        # Java's archive of loaded classes holds for these very files only.
        for archive in folder.glob("*.classes"):
            archive.unlink(missing_ok=True)
        size = sum(jar.size for jar in missing)
        with shown(f"Fetching Kafka ({len(missing)} jars)", size, on_progress) as step:
            _fetch(missing, folder, step)
    paths = [folder / jar.file_name for jar in jars]
    for jar, path in zip(jars, paths, strict=True):
        _check(jar, path, f"delete {path} and start again")
    return paths


def cache_folder(version: str) -> Path:
    """Return the folder where Kafka's jars are kept, made if need be."""
    try:
        from platformdirs import user_cache_path  # noqa: PLC0415 - of the extra
    except ImportError as error:
        raise BrokerError(f"the embedded Kafka is not installed: {FETCHES}") from error
    folder = user_cache_path("caption-worker") / f"kafka-{version}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BrokerError(
            f"the cache folder {folder} cannot be made ({error.strerror}): "
            "set XDG_CACHE_HOME to a folder you may write to"
        ) from error
    return folder


def _fetch(missing: list[Jar], folder: Path, step: Callable[[int], None]) -> None:
    try:
        from jgo.maven import MavenContext, PythonResolver  # noqa: PLC0415 - of the extra
    except ImportError as error:
        raise BrokerError(f"Kafka is not in {folder} yet: {FETCHES}") from error

    @contextlib.contextmanager
    def counted(_name: str, _size: int) -> Iterator[Callable[[int], None]]:
        yield step

    def fetch(jar: Jar, maven: MavenContext) -> None:
        group, artifact, version = jar.coordinate.split(":")
        component = maven.project(group, artifact).at_version(version)
        path = component.artifact().resolve()
        _check(jar, path, "what lies between us and the registry changed it")
        path.replace(folder / jar.file_name)

    try:
        # jgo writes where a jar will stay: an interrupted fetch must not look like one.
        with (
            tempfile.TemporaryDirectory(dir=folder, prefix="fetching-") as incoming,
            ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool,
        ):
            resolver = PythonResolver(progress_callback=counted)
            maven = MavenContext(resolver, Path(incoming))
            fetched = [pool.submit(fetch, jar, maven) for jar in missing]
            try:
                for one in fetched:
                    one.result()
            finally:
                pool.shutdown(cancel_futures=True)
    # What jgo raises: OSError from network and disk, RuntimeError for "not found".
    except (OSError, RuntimeError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise BrokerError(
            f"{len(missing)} jars of Kafka ({missing[0].file_name}, ...) are not in "
            f"{folder} and cannot be fetched ({why}): start once with a network, "
            "or name a Kafka with --broker HOST:PORT"
        ) from error


def _check(jar: Jar, path: Path, advice: str) -> None:
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != jar.sha256:
        raise BrokerError(
            f"{jar.coordinate} is not the jar we know: SHA-256 is {found}, "
            f"expected {jar.sha256}; {advice}"
        )
