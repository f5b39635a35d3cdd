"""What can be set for the turns of one agent."""

import msgspec


class TurnSettings(msgspec.Struct, frozen=True, kw_only=True):
    """One agent: what it is called, what it reads, where its state is, how fast."""

    group: str
    """Consumer group; with the partition number also the transactional id."""
    input_topics: tuple[str, ...]
    """Full names of the Kafka topics it reads, with as many partitions each. Of records
    of the same time, those of an earlier one go first."""
    state_topic: str
    """Full name of its compacted Kafka topic, with as many partitions as the inputs."""
    output_topics: tuple[str, ...] = ()
    """Full names of the Kafka topics it writes to, but for the state topic."""
    instance_id: str | None = None
    """A name that outlives restarts of this process, if it has one."""
    max_records: int = 2000
    """At most this many records of an input in a turn, all partitions together; while a
    backlog remains and turns are quick, at most this many of each partition."""
    min_turn_ms: int = 0
    """A turn starts at least this long after the one before: larger transactions, less
    work for everyone, at the price of latency."""
    calm_turn_ms: int = 20
    """The same as long as a turn leaves nothing behind: a transaction costs as much for
    one record as for a hundred, and nobody sees this much later."""
    fetch_wait_ms: int = 200
    """How long Kafka may keep a fetch that finds nothing; deadlines are late by it."""
    session_timeout_s: float = 6.0
    """After this long without a sign of life others take over."""
    rebalance_timeout_s: float = 20.0
    watchdog_s: float = 60.0
    """After this long without anything moving the process ends."""
    rejected_limit: float = 1.0
    """A partition rests for a while when a greater share of its records is rejected."""
    metadata_age_s: float = 60.0
    """How soon at the latest it is noticed that partitions were added to an input."""
    group_offset_every_s: float = 1.0
    """How often the group's offset, for tools that watch lag, follows the position."""

    @property
    def patience_s(self) -> float:
        """How long Kafka is waited for, so that no watchdog has to guess why."""
        return self.watchdog_s / 2

    @property
    def rehearsal_cpu_s(self) -> float:
        """Of processor time; a turn that needs more would end in the watchdog."""
        return self.watchdog_s / 6
