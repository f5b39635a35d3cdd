"""A clock that is far off, as Kafka sees it."""

import time

import pytest

from workers.delivery.exits import Exit, exit_for
from workers.delivery.transaction import ClockError, Row, Transactions

HOUR_MS = 3_600_000


async def test_a_clock_that_is_hours_ahead_is_told_of_and_nothing_is_written(cluster):
    writer = Transactions(cluster.connection, f"{cluster.prefix}-0", 0)
    await writer.start()
    now_ms = time.time_ns() // 1_000_000
    ahead, today = (
        {
            f"{cluster.prefix}.{name}": [Row(at_ms, b"a", b"said", ())]
            for name in ("out", "state")
        }
        for at_ms in (now_ms + 3 * HOUR_MS, now_ms)
    )
    with pytest.raises(ClockError, match="clock of this machine") as raised:
        await writer.write(ahead)
    assert exit_for(raised.value) == Exit.UNEXPECTED
    # The process ends; whoever comes after it has a clock that is right.
    after = Transactions(cluster.connection, f"{cluster.prefix}-0", 0)
    await after.start()
    await after.write(today)
    for name in ("out", "state"):
        log = (await cluster.read(name))[0]
        assert [row.timestamp_ms for row in log.values()] == [now_ms]
    await after.stop()
    await writer.stop()
