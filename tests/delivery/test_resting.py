"""Partitions that rest since too much of what comes there is rejected."""

import signal

from hypothesis import given
from hypothesis import strategies as st

from tests.kafka_log import until
from workers.delivery.exits import Exit
from workers.delivery.resting import LEAST, REST_S, WINDOW, Resting

TURNS = st.lists(
    st.integers(1, 300).flatmap(
        lambda decided: st.tuples(st.just(decided), st.integers(0, decided))
    ),
    max_size=40,
)


class Clock:
    now_s = 1000.0

    def __call__(self) -> float:
        return self.now_s


@given(TURNS, st.floats(0.01, 0.99))
def test_it_rests_only_beyond_the_limit_and_for_its_time(turns, limit):
    clock = Clock()
    resting = Resting(limit, clock)
    seen: list[tuple[int, int]] = []
    for decided, rejected in turns:
        seen.append((decided, rejected))
        over = resting.note(3, decided, rejected)
        assert resting.rests(3) == (over is not None)
        assert not resting.rests(4)
        if over is None:
            continue
        lost, total = over
        assert lost >= LEAST
        assert lost > limit * total
        assert (total, lost) in [
            (sum(one for one, _ in seen[at:]), sum(one for _, one in seen[at:]))
            for at in range(len(seen))
        ]
        assert total < WINDOW + 300
        seen.clear()
        clock.now_s += REST_S
        assert not resting.rests(3)


@given(TURNS)
def test_with_a_limit_of_1_nothing_ever_rests(turns):
    resting = Resting(1.0)
    assert [resting.note(3, *turn) for turn in turns] == [None] * len(turns)


async def test_a_partition_of_nonsense_rests_and_says_so_and_the_others_go_on(
    cluster, start
):
    nonsense = [
        {"key": b"k", "value": b"refuse", "partition": 2} for _ in range(3 * WINDOW)
    ]
    await cluster.write("in", nonsense)
    worker = start(rejected_limit=0.5, max_records=200)

    async def rests() -> bool:
        return b"partition 2 rests for 30 s: " in worker.log.read_bytes()

    await until(rests)
    others = [
        {"key": b"k%d" % at, "value": b"say", "partition": at % 2} for at in range(40)
    ]
    await cluster.write("in", others)
    topic = f"{cluster.prefix}.in"

    async def others_are_decided() -> bool:
        positions = await cluster.positions()
        return all(
            number in positions and positions[number].next.get(topic, 0) >= 20
            for number in (0, 1)
        )

    await until(others_are_decided)
    positions = await cluster.positions()
    assert positions[2].next[topic] < 2 * WINDOW
    assert await worker.end(signal.SIGTERM) == Exit.OK
    assert await cluster.check() == []
