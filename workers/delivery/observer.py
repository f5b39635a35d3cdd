"""What an application may want to see of delivery; by default nothing is done with it.

Called in the event loop and between transactions, so it must be quick and not raise.
"""

from typing import Protocol


class Observer(Protocol):
    """Hooks for metrics."""

    def on_decided(self, seconds: float) -> None:
        """One turn is decided, and not committed yet; seconds since it was fetched."""

    def on_transaction(self, seconds: float) -> None:
        """One transaction is committed; seconds since its partition was decided."""

    def on_turn(self, records: int, transactions: int, seconds: float) -> None:
        """One turn is committed; seconds from fetched to committed."""

    def on_restoring(self, remaining: int) -> None:
        """State is being read back; offsets still to be read."""

    def on_restore(self, partitions: int, records: int, seconds: float) -> None:
        """State of newly owned partitions was read back."""

    def on_lag(self, partition: int, records: int, decided_to_ms: int) -> None:
        """Tell how far behind a partition is, after a turn.

        Args:
            partition: Its number.
            records: Offsets between what is decided and the end of the log.
            decided_to_ms: All that reached Kafka up to then is decided, in
                milliseconds since 1970; 0 if nothing is known yet.
        """

    def on_state(self, partition: int, entries: int, size_bytes: int) -> None:
        """Tell how many states a partition has, and their size as written."""

    def on_closed(self, partition: int) -> None:
        """The partition is no longer ours; figures about it should go."""


class Unobserved:
    """Looks away."""

    def on_decided(self, seconds: float) -> None:
        """Do nothing."""

    def on_transaction(self, seconds: float) -> None:
        """Do nothing."""

    def on_turn(self, records: int, transactions: int, seconds: float) -> None:
        """Do nothing."""

    def on_restoring(self, remaining: int) -> None:
        """Do nothing."""

    def on_restore(self, partitions: int, records: int, seconds: float) -> None:
        """Do nothing."""

    def on_lag(self, partition: int, records: int, decided_to_ms: int) -> None:
        """Do nothing."""

    def on_state(self, partition: int, entries: int, size_bytes: int) -> None:
        """Do nothing."""

    def on_closed(self, partition: int) -> None:
        """Do nothing."""
