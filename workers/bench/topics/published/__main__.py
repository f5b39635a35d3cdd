"""Write a line a talk; see `workers.bench.topics.published`."""

import json
import sys
from pathlib import Path

from workers.bench.topics.published import lectures, qmsum, tinyrec

KINDS = {
    "qmsum": (qmsum.talk, "*.json"),
    "tinyrec": (tinyrec.talk, "*.json"),
    "lectures": (lectures.talk, "*.ref"),
}


def main(kind: str, folder: str) -> None:
    """Write the talks of a folder, in the order of their names."""
    read, names = KINDS[kind]
    for path in sorted(Path(folder).rglob(names)):
        talk = read(path)
        if talk is not None:
            sys.stdout.write(f"{json.dumps(talk, ensure_ascii=False)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
