"""What an application may want to see of delivery; by default nothing is done with it.

Called in the event loop and between transactions, so it must be quick and not raise.
"""

from typing import Protocol


class Observer(Protocol):
    """Hooks for metrics."""

    def on_turn(self, records: int, transactions: int, seconds: float) -> None:
        """One turn is committed; seconds from fetched to committed."""

    def on_restore(self, partitions: int, records: int, seconds: float) -> None:
        """State of newly owned partitions was read back."""

    def on_lag(self, partition: int, records: int) -> None:
        """Offsets between what is decided and the end of the log, after a turn."""

    def on_closed(self, partition: int) -> None:
        """The partition is no longer ours; figures about it should go."""


class Unobserved:
    """Looks away."""

    def on_turn(self, records: int, transactions: int, seconds: float) -> None:
        """Do nothing."""

    def on_restore(self, partitions: int, records: int, seconds: float) -> None:
        """Do nothing."""

    def on_lag(self, partition: int, records: int) -> None:
        """Do nothing."""

    def on_closed(self, partition: int) -> None:
        """Do nothing."""
