"""Something tried by a child process first, which may die of it.

A child is this process once more (``fork``): all that is known is there, and nothing it
does reaches anybody. It tells how far it is in memory that both share, so that whoever
lives on knows what it died of. It has bounds of its own, so that what eats memory or
never ends dies too; wall time is none of them, since a busy machine is nobody's fault.

A child that was killed (SIGKILL) was killed by others, or by a kernel that is out of
memory: that is no word about what it did, unless it was us and it had grown.

Linux only, as containers are. Where there can be no child, nothing is found out.
"""

import asyncio
import contextlib
import gc
import logging
import mmap
import os
import resource
import signal
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, NoReturn, TypeVar, overload

log = logging.getLogger(__name__)

T = TypeVar("T")

Tell = Callable[[int], None]
"""Tells how far a child is."""

_LIVED: Final = 0
_RAISED: Final = 1
"""An error would end us by its name as well; that needs no child."""
_MEMORY: Final = 2
_MORE_BYTES: Final = 256 * 1024 * 1024
"""In use, not only asked for: who has many threads asks for more."""
_LOOK_S: Final = 0.02
_AT_BYTES: Final = 8
_HIGHEST_FD: Final = 65_536


class Rehearsed(NamedTuple):
    """What became of a child. Neither: it raised, or nobody can say."""

    lived: bool = False
    died_at: int | None = None
    """What it had told last."""


class Telling(Sequence[T]):
    """A sequence that tells which of its items is looked at; its length: none any more.

    Args:
        items: Of which it consists.
        tell: Is told the index.
    """

    def __init__(self, items: Sequence[T], tell: Tell) -> None:
        self._items = items
        self._tell = tell

    def __iter__(self) -> Iterator[T]:
        """Yield each item, after telling of it."""
        for index, item in enumerate(self._items):
            self._tell(index)
            yield item
        self._tell(len(self._items))

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[T]: ...
    def __getitem__(self, index: Any) -> Any:
        """Return one, without telling."""
        return self._items[index]


async def rehearse(
    step: Callable[[Tell], object], cpu_s: float, wall_s: float
) -> Rehearsed:
    """Let a child do this step, and tell whether it lived.

    Args:
        step: Pure: no I/O, no locks of other threads.
        cpu_s: A child that has used up so much processor time dies.
        wall_s: After this time it is given up, and nothing is known.
    """
    with contextlib.closing(mmap.mmap(-1, _AT_BYTES)) as at:
        reads, writes = os.pipe()
        try:
            child = os.fork()
            if child == 0:
                _act(step, at, writes, cpu_s)
        except OSError as error:
            log.warning("no child process to go first: %r", error)
            os.close(reads)
            return Rehearsed()
        finally:
            os.close(writes)
        code = await _ended(child, reads, wall_s)
        told = int.from_bytes(at[:], "little")
    if code == _LIVED:
        return Rehearsed(lived=True)
    if code in (_RAISED, -signal.SIGKILL):
        log.warning("a child process that went first tells nothing: %d", code)
        return Rehearsed()
    return Rehearsed(died_at=told)


async def _ended(child: int, reads: int, wall_s: float) -> int:
    """Wait for the child's end; return its exit code, or what it was ended for."""
    loop = asyncio.get_running_loop()
    most_bytes = _resident_bytes(child) + _MORE_BYTES
    end_s = loop.time() + wall_s
    ended = asyncio.Event()
    # Nobody writes; with the child its end of the pipe is gone.
    loop.add_reader(reads, ended.set)
    grown = False
    try:
        while not (ended.is_set() or grown or loop.time() > end_s):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(ended.wait(), _LOOK_S)
            grown = _resident_bytes(child) > most_bytes
    finally:
        loop.remove_reader(reads)
        os.close(reads)
        if not ended.is_set():
            os.kill(child, signal.SIGKILL)
        status = os.waitpid(child, 0)[1]  # noqa: ASYNC222  # it has ended just now
    return _MEMORY if grown else os.waitstatus_to_exitcode(status)


def _resident_bytes(child: int) -> int:
    """Return what it uses now; 0 once it has ended."""
    pages = Path(f"/proc/{child}/statm").read_text().split()[1]
    return int(pages) * resource.getpagesize()


def _act(
    step: Callable[[Tell], object], at: mmap.mmap, writes: int, cpu_s: float
) -> NoReturn:
    """Be the child; whatever comes, nothing of the parent's code goes on here."""
    code = _RAISED
    try:
        _alone(writes)
        _bounded(cpu_s)
        step(lambda index: _write(at, index))
        code = _LIVED
    except MemoryError:
        code = _MEMORY
    finally:
        os._exit(code)


def _write(at: mmap.mmap, index: int) -> None:
    at[:] = index.to_bytes(_AT_BYTES, "little")


def _alone(writes: int) -> None:
    """Hold nothing of the parent's but what it said last; hear nothing said to it."""
    gc.disable()
    signal.set_wakeup_fd(-1)
    for each in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    os.closerange(3, writes)
    os.closerange(writes + 1, _HIGHEST_FD)


def _bounded(cpu_s: float) -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    seconds = max(1, round(cpu_s))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
