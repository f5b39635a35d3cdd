"""One partition of an agent without Kafka: the turn as delivery decides it."""

import time
from collections.abc import Mapping, Sequence
from typing import Generic, TypeVar

from workers.delivery.decide import Work, decide
from workers.delivery.records import Output, Record
from workers.delivery.rules import Rules
from workers.delivery.store import Store

S = TypeVar("S")


class Partition(Generic[S]):
    """A store, its rules, and the CPU that turns on it have cost.

    A turn is what a worker does between fetching and sending: it decides, writes the
    state of each key that changed, and takes the states over.

    Args:
        rules: What the agent decides.
    """

    def __init__(self, rules: Rules[S]) -> None:
        self._rules = rules
        self.store: Store[S] = Store(rules.deadline_ms)
        self.cpu_s = 0.0
        self.records = 0
        self.state_sizes: dict[bytes, int] = {}
        self._clock_ms = 0

    def turn(self, records: Sequence[Record], now_ms: int) -> list[Output]:
        """Run a turn, caught up with Kafka at *now_ms*; return what it says."""
        started_s = time.process_time()
        decided = decide(
            self._rules,
            Work(
                partition=0,
                store=self.store,
                records=records,
                clock_ms=self._clock_ms,
                wall_ms=now_ms,
                caught_up=True,
            ),
        )
        sizes = {
            key: 0 if state is None else len(self._rules.encode_state(state))
            for key, state in decided.changes.items()
        }
        self.store.apply(decided.changes)
        self.cpu_s += time.process_time() - started_s
        self._clock_ms = decided.clock_ms
        self.records += len(records)
        self._weigh(sizes)
        return [timed.output for timed in decided.outputs]

    def put_back(self, states: Mapping[bytes, S]) -> None:
        """Let keys have states they had before; this is not measured."""
        self.store.apply(states)

    def _weigh(self, sizes: Mapping[bytes, int]) -> None:
        for key, size in sizes.items():
            if size:
                self.state_sizes[key] = size
            else:
                self.state_sizes.pop(key, None)

    @property
    def state_bytes(self) -> int:
        """Bytes of all states, as they were last written."""
        return sum(self.state_sizes.values())
