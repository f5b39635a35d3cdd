"""Two builds at once, with partitions moving between them, forward and back."""

import signal

from tests.delivery.kafka_runs import owns_partitions
from tests.kafka_log import until
from workers.delivery.exits import Exit


async def say(cluster, first):
    await cluster.write(
        "in",
        [
            {"key": b"k%d" % (number % 20), "value": b"say %d" % number}
            for number in range(first, first + 200)
        ],
    )


async def test_an_upgrade_goes_on_and_a_rollback_is_refused_by_name(cluster, start):
    await say(cluster, 0)
    old = start(state_version=2)
    await until(cluster.is_drained)
    new = start(state_version=3)
    await until(lambda: owns_partitions(new))
    await say(cluster, 200)
    assert await old.end(signal.SIGTERM) == Exit.OK
    await until(cluster.is_drained)
    assert await new.end(signal.SIGTERM) == Exit.OK
    await say(cluster, 400)

    back = start(state_version=2)
    assert await back.exit_code() == Exit.STATE_UNREADABLE
    assert "toy state has version 3" in back.log.read_text()

    again = start(state_version=3)
    await until(cluster.is_drained)
    assert await again.end(signal.SIGTERM) == Exit.OK
    assert await cluster.check() == []
