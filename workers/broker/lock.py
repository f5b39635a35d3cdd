"""Writes jars.lock anew: ``python -m workers.broker.lock > workers/broker/jars.lock``.

Change ``ROOTS`` first. What is downloaded then is trusted as it comes, so compare the
new file with the old one before it is committed.
"""

import hashlib
import sys
import tempfile
from pathlib import Path

from jgo.maven import MavenContext

ROOTS = (
    # The "!" keeps jgo from applying log4j's table of versions to Kafka: without it
    # kafka-clients comes out as 3.9.1.
    "org.apache.kafka:kafka_2.13:4.3.1!",
    "org.apache.logging.log4j:log4j-slf4j-impl:2.25.4!",
)


def main() -> None:
    """Resolve the roots, download every jar and print the lock."""
    with tempfile.TemporaryDirectory() as folder:
        maven = MavenContext(repo_cache=Path(folder))
        roots = [maven.create_dependency(root) for root in ROOTS]
        found, behind = maven.resolver.resolve(roots)
        lines = []
        for dependency in (*found, *behind):
            jar = dependency.artifact.resolve()
            digest = hashlib.sha256(jar.read_bytes()).hexdigest()
            name = (dependency.groupId, dependency.artifactId, dependency.version)
            lines.append((":".join(name), f"{digest} {jar.stat().st_size:>8}"))
    sys.stdout.write("# SHA-256, bytes, coordinate; written by workers.broker.lock\n")
    sys.stdout.writelines(f"{rest} {name}\n" for name, rest in sorted(lines))


if __name__ == "__main__":
    main()
