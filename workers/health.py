"""Whether a process is alive, and whether it does its work: the truth, with reasons.

A process that is fenced, or that hangs, ends by itself (`workers.delivery.exits`): then
nobody answers, which is the truth too. So what is asked here is what it is doing.
"""

from collections.abc import Mapping
from typing import Protocol

from prometheus_client import REGISTRY

from workers import metrics
from workers.delivery.watchdog import Doing, Watchdog


class Health:
    """What a process says of itself.

    Args:
        ready_lag_s: Further behind than this is not ready.
        partitions: Where it stands in each of its partitions.
    """

    def __init__(
        self, ready_lag_s: float, partitions: "Standing" = metrics.PARTITIONS
    ) -> None:
        self.ready_lag_s = ready_lag_s
        self.partitions = partitions
        self.watchdog: Watchdog | None = None
        """None until the agent is made: models may take seconds to load."""

    def not_alive(self) -> list[str]:
        """Return why this process had better be started again; nothing if it lives."""
        if self.watchdog is None or self.watchdog.silent_s <= self.watchdog.limit_s:
            return []
        silent_s, doing = self.watchdog.silent_s, self.watchdog.doing
        return [f"nothing has moved for {silent_s:.0f} s: {doing}"]

    def not_ready(self) -> list[str]:
        """Return why captions are not made here now; nothing if they are."""
        reasons = self.not_alive()
        doing = Doing.STARTING if self.watchdog is None else self.watchdog.doing
        if doing is Doing.RESTORING:
            remaining = REGISTRY.get_sample_value("captions_restore_remaining_records")
            reasons.append(f"{doing}: {remaining or 0:.0f} records to be read")
        elif not doing.is_work:
            reasons.append(str(doing))
        behind = self.partitions.lag_seconds()
        late = {
            each: lag_s for each, lag_s in behind.items() if lag_s > self.ready_lag_s
        }
        if late:
            worst = max(late, key=lambda each: late[each])
            reasons.append(
                f"{len(late)} of {len(behind)} partitions are more than "
                f"{self.ready_lag_s:g} s behind, "
                f"partition {worst} by {late[worst]:.0f} s"
            )
        return reasons


class Standing(Protocol):
    """Tells how far behind partitions are."""

    def lag_seconds(self) -> Mapping[int, float]:
        """Return seconds by partition."""
