"""The journal of a run: one JSON line for each thing that happened, with its time."""

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec


class Journal:
    """Written as things happen, so that it is there also when the run itself dies.

    Args:
        path: A file, made anew.
        echo: Also to standard output, for who watches.
    """

    def __init__(self, path: Path, *, echo: bool = False) -> None:
        self.path = path
        self._echo = echo
        self._began = time.monotonic()
        self._file = path.open("wb", buffering=0)

    def write(self, what: str, **details: Any) -> None:
        """Add a line."""
        at_s = round(time.monotonic() - self._began, 3)
        line = msgspec.json.encode({"at_s": at_s, "what": what, **details})
        self._file.write(line + b"\n")
        if self._echo:
            told = " ".join(f"{name}={value}" for name, value in details.items())
            sys.stdout.write(f"{at_s:8.1f}  {what:<12} {told[:300]}\n")
            sys.stdout.flush()


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield what a journal tells; a last line that was cut off is left out."""
    for line in path.read_bytes().split(b"\n")[:-1]:
        yield msgspec.json.decode(line)
