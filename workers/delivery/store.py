"""The states of one partition in memory, and the heap of their deadlines."""

from collections.abc import Callable, Mapping
from heapq import heapify, heappop, heappush
from typing import Generic, Protocol, TypeVar

S = TypeVar("S")
S_co = TypeVar("S_co", covariant=True)

_SPARE_ENTRIES = 64
"""How far stale heap entries may outnumber live ones before they are thrown out."""


class View(Protocol[S_co]):
    """A store as a step sees it: to look at, not to change."""

    def get(self, key: bytes) -> S_co | None:
        """Return the state of a key."""

    def deadline_ms(self, key: bytes) -> int | None:
        """Return the deadline of a key."""

    def due(self, until_ms: int) -> list[tuple[int, bytes]]:
        """Return the deadlines up to and with *until_ms*, earliest first."""


class Store(Generic[S]):
    """What was committed, and nothing else: `apply` is called after the commit.

    Args:
        deadline_of: When a state wants to be woken, in milliseconds since 1970.
    """

    def __init__(self, deadline_of: Callable[[S], int | None]) -> None:
        self._deadline_of = deadline_of
        self._states: dict[bytes, S] = {}
        self._deadlines: dict[bytes, int] = {}
        self._heap: list[tuple[int, bytes]] = []

    def __len__(self) -> int:
        """Return how many keys have a state."""
        return len(self._states)

    def get(self, key: bytes) -> S | None:
        """Return the state of a key."""
        return self._states.get(key)

    def deadline_ms(self, key: bytes) -> int | None:
        """Return the deadline of a key."""
        return self._deadlines.get(key)

    def next_deadline_ms(self) -> int | None:
        """Return the earliest deadline of all."""
        while self._heap:
            deadline, key = self._heap[0]
            if self._deadlines.get(key) == deadline:
                return deadline
            heappop(self._heap)
        return None

    def due(self, until_ms: int) -> list[tuple[int, bytes]]:
        """Return the deadlines up to and with *until_ms*, earliest first."""
        # What was moved leaves its old deadline, which is past soon: without this, all
        # of them would be looked at in each turn.
        self.next_deadline_ms()
        found: set[tuple[int, bytes]] = set()
        branches = [0]
        while branches:  # below a late entry of the heap are only later ones
            index = branches.pop()
            if index < len(self._heap) and self._heap[index][0] <= until_ms:
                deadline, key = self._heap[index]
                if self._deadlines.get(key) == deadline:
                    found.add((deadline, key))
                branches += (2 * index + 1, 2 * index + 2)
        return sorted(found)

    def apply(self, changes: Mapping[bytes, S | None]) -> None:
        """Take over what a transaction has committed; None ends a key."""
        for key, state in changes.items():
            if state is None:
                self._states.pop(key, None)
                self._deadlines.pop(key, None)
                continue
            self._states[key] = state
            deadline = self._deadline_of(state)
            if deadline is None:
                self._deadlines.pop(key, None)
            elif self._deadlines.get(key) != deadline:
                self._deadlines[key] = deadline
                heappush(self._heap, (deadline, key))
        if len(self._heap) > 2 * len(self._deadlines) + _SPARE_ENTRIES:
            self._heap = [(deadline, key) for key, deadline in self._deadlines.items()]
            heapify(self._heap)
