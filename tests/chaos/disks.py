"""A disk of one broker's own, which can be filled up, and have room again.

It is a small tmpfs in a mount namespace, so that nothing else on the machine sees it. A
process that does nothing holds the namespace: what is on the disk outlives the broker.
"""

import subprocess
from functools import cache
from pathlib import Path
from typing import Final

_SCRIPT: Final = 'mount -t tmpfs -o size="$1"m tmpfs "$0" && echo mounted && exec cat'
_FILLER: Final = "filler"


class Disk:
    """A disk.

    Args:
        folder: Where the broker finds it.
        size_mib: How large it is.
    """

    def __init__(self, folder: Path, size_mib: int) -> None:
        self._filler = folder / _FILLER
        self._holder = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", _SCRIPT, str(folder), str(size_mib)],
            stdin=subprocess.PIPE,  # ends with us, however we end
            stdout=subprocess.PIPE,
        )
        assert self._holder.stdout
        assert self._holder.stdout.readline() == b"mounted\n"

    @property
    def inside(self) -> tuple[str, ...]:
        """What a command begins with that is to see the disk."""
        return ("nsenter", f"--target={self._holder.pid}", "--mount", "--")

    def fill(self) -> None:
        """Leave no byte free."""
        done = self._run("cat /dev/zero >> ")
        assert b"No space left" in done.stderr

    def free(self) -> None:
        """Give back what `fill` has taken."""
        assert self._run("rm ").returncode == 0

    def close(self) -> None:
        """Let go of it, with all that is on it."""
        self._holder.communicate()

    def _run(self, command: str) -> subprocess.CompletedProcess[bytes]:
        script = f'{command}"$0"'
        return subprocess.run(
            [*self.inside, "sh", "-c", script, str(self._filler)],
            stderr=subprocess.PIPE,
            check=False,
        )


@cache
def permitted() -> bool:
    """Tell whether such disks can be made here: it takes the rights of root."""
    script = "mount -t tmpfs -o size=1m tmpfs /mnt && nsenter --target=$$ --mount true"
    try:
        tried = subprocess.run(
            ["unshare", "--mount", "sh", "-c", script],
            capture_output=True,
            check=False,
        )
    except OSError:
        return False
    return tried.returncode == 0
