"""While a partition is committed others are decided: whatever happens meanwhile."""

import asyncio
import time
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaError, ProducerFenced
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.delivery.toy import ToyRules
from tests.delivery.turns_rig import FEW, RULES, deaths, passes, rig_of
from workers.delivery.chances import decide_beside_others
from workers.delivery.decide import Work, decide
from workers.delivery.exits import KafkaGoneError
from workers.delivery.records import Record
from workers.delivery.store import Store
from workers.delivery.turn import BrokenAgentError, Turn


@pytest.fixture(autouse=True)
def died(monkeypatch) -> list[BaseException]:
    """What the process would have ended by, which here is told."""
    return deaths(monkeypatch)


async def test_in_a_backlog_one_half_is_decided_while_the_other_is_committed():
    rig = await rig_of([40] * 4, gated=True)
    await rig.until(lambda: len(rig.gates) == 4)
    await passes()
    # All four are being committed now, so nothing is left to decide.
    assert [sorted(each) for each in rig.handed] == [[0, 1], [2, 3]]
    assert {rig.let_in(), rig.let_in()} == {0, 1}
    await rig.until(lambda: len(rig.handed) == 3)
    assert sorted(rig.handed[2]) == [0, 1]
    assert rig.committed[2:] == [[], []]
    rig.let_all_in()
    await rig.all_decided()
    await rig.end()


async def test_whoever_is_committed_first_is_decided_first():
    rig = await rig_of([40] * 4, gated=True)
    await rig.until(lambda: len(rig.gates) == 4)
    rig.gates.rotate(-2)
    # The second turn is through before the first.
    assert {rig.let_in(), rig.let_in()} == {2, 3}
    await rig.until(lambda: len(rig.handed) == 3)
    assert sorted(rig.handed[2]) == [2, 3]
    rig.let_all_in()
    await rig.all_decided()
    await rig.end()


async def test_all_partitions_get_on_alike():
    rig = await rig_of([200] * 5)
    await rig.until(lambda: len(rig.handed) >= 15)
    turns_of = [sum(n in each for each in rig.handed) for n in range(5)]
    assert max(turns_of) - min(turns_of) <= 2
    await rig.all_decided()
    await rig.end()


async def test_who_has_waited_longest_is_decided_next():
    rig = await rig_of([40] * 4)
    rig.running.cancel()
    everyone = list(rig.partitions.values())
    for each in everyone:
        log = TopicPartition("in", each.number)
        each.receive("in", rig.log.read(log, FEW))
    # All are free each time: their commits were quick.
    halves = [[each.number for each in rig.turns._half(everyone)] for _ in range(4)]
    assert halves == [[0, 1], [2, 3], [0, 1], [2, 3]]


async def test_one_partition_alone_waits_for_its_own_commits():
    rig = await rig_of([30])
    await rig.all_decided()
    assert rig.most_beside == 0
    await rig.end()


async def test_once_caught_up_nothing_is_decided_beside_a_commit():
    rig = await rig_of([0] * 4)
    await passes(100)
    rig.log.lengths = [2] * 4
    rig.gated = True
    await rig.until(lambda: len(rig.gates) == 4)
    assert [sorted(each) for each in rig.handed] == [[0, 1, 2, 3]]
    rig.log.lengths = [3] * 4
    rig.let_in()
    await passes()
    assert len(rig.handed) == 1
    rig.let_all_in()
    await rig.all_decided()
    await rig.end()


async def test_a_silence_about_one_partition_is_seen_while_others_are_busy():
    rig = await rig_of([10**9] * 4 + [0], watchdog_s=0.1)
    await rig.until(lambda: len(rig.handed) > 3)
    answered_until = time.monotonic() + 0.3
    await rig.until(lambda: time.monotonic() > answered_until)
    rig.log.unanswered.add(4)
    with pytest.raises(KafkaGoneError, match="in-4"):
        await rig.until(lambda: False)
    rig.agent.cancel()


async def test_who_has_no_records_has_its_deadlines_in_a_backlog_of_others():
    rig = await rig_of([0, 400, 400, 0])
    await rig.until(lambda: len(rig.handed) > 3)
    rig.partitions[0].due = True
    before = len(rig.handed)
    await rig.until(lambda: len(rig.handed) >= before + 4)
    assert any(0 in each for each in rig.handed[before:])
    assert len(rig.partitions[1].committed) < 300
    await rig.end()


async def rests_and_comes_back(rig):
    """Insist that nothing is handed over before partitions come back, and all then."""
    rig.owned = False
    handed = len(rig.handed)
    await asyncio.sleep(0.02)
    await passes(100)
    assert len(rig.handed) == handed
    rig.owned = True
    await rig.turns.resume(rig.log)
    await rig.all_decided()
    await rig.end()


async def test_a_revocation_waits_for_the_commits_and_for_what_is_being_decided():
    rig = await rig_of([40] * 4, gated=True)
    await rig.until(lambda: len(rig.gates) == 2)
    rig.slow.clear()
    await rig.until(lambda: len(rig.handed) == 2)
    letting_go = asyncio.create_task(rig.turns.pause())
    await passes()
    rig.let_in()
    rig.let_in()
    await passes()
    assert not letting_go.done()  # one half is committed, the other not decided yet
    rig.slow.set()
    await rig.until(lambda: len(rig.gates) == 2)
    assert not letting_go.done()
    rig.let_all_in()
    await letting_go
    assert not any(each.is_busy for each in rig.partitions.values())
    await rests_and_comes_back(rig)


async def test_a_revocation_while_positions_are_being_set_lasts(monkeypatch):
    rig = await rig_of([40] * 4)
    await rig.turns.pause()
    set_now = asyncio.Event()

    async def set_positions(offsets: dict[TopicPartition, int]) -> None:
        await set_now.wait()
        rig.log.positions = dict(offsets)

    monkeypatch.setattr(rig.log, "set_positions", set_positions)
    resuming = asyncio.create_task(rig.turns.resume(rig.log))
    await passes()
    letting_go = asyncio.create_task(rig.turns.pause())
    await passes()
    set_now.set()
    await asyncio.gather(resuming, letting_go)
    await rests_and_comes_back(rig)


@pytest.mark.parametrize("error", [ProducerFenced(), KafkaError("not written")])
async def test_a_commit_that_fails_ends_the_process_while_another_is_decided(
    died, error
):
    rig = await rig_of([40] * 4, gated=True)
    await rig.until(lambda: len(rig.gates) == 2)
    rig.slow.clear()
    await rig.until(lambda: len(rig.handed) == 2)
    rig.let_in(error)
    await passes()
    assert died[0] is error
    assert rig.committed == [[]] * 4
    rig.running.cancel()
    rig.agent.cancel()


async def test_what_cannot_be_counted_ends_the_process(died):
    rig = await rig_of([4])

    async def wrong() -> None:
        turn = await rig.queue.get()
        rig.agent.cancel()
        decided = [(work, await decide_beside_others(RULES, work)) for work in turn]
        turn.commit(decided, lambda _: decided[99])

    rig.agent.cancel()
    rig.agent = asyncio.create_task(wrong())
    await rig.until(lambda: bool(died))
    assert isinstance(died[0], IndexError)
    rig.running.cancel()


@pytest.mark.parametrize("stop_first", [True, False], ids=["SIGTERM", "cancelled"])
async def test_an_agent_that_is_cancelled_leaves_commits_alone_and_the_rest_undone(
    died, stop_first
):
    rig = await rig_of([40] * 4, gated=True)
    await rig.until(lambda: len(rig.gates) == 2)
    rig.slow.clear()
    await rig.until(lambda: len(rig.handed) == 2)
    rig.stopping = stop_first
    rig.agent.cancel()
    await passes()
    rig.stopping = True
    rig.turns.withdraw()
    letting_go = asyncio.create_task(rig.turns.pause())
    await passes()
    assert not letting_go.done()
    rig.let_all_in()
    await letting_go
    await rig.running
    committed, _ = rig.handed
    for number, offsets in enumerate(rig.committed):
        length = len(offsets) if number in committed else 0
        assert offsets == list(range(length))
        assert bool(offsets) == (number in committed)
    assert died == []


async def test_where_a_child_goes_first_nothing_else_is_under_way():
    rig = await rig_of([40] * 4, gated=True)
    await rig.until(lambda: len(rig.gates) == 2)
    rig.slow.clear()
    await rig.until(lambda: len(rig.handed) == 2)
    # As if it were found out now, which in truth it is before the first turn.
    rig.partitions[0].care = SimpleNamespace()
    rig.slow.set()
    for _ in range(3):
        rig.let_in()
        await passes()
        assert len(rig.handed) == 2
    rig.let_in()
    await rig.until(lambda: len(rig.handed) == 3)
    await passes()
    assert len(rig.handed[2]) > 2
    handed = len(rig.handed)
    while rig.gates:
        assert len(rig.handed) == handed
        rig.let_in()
    await passes()
    rig.partitions[0].care = None
    rig.let_all_in()
    await rig.all_decided()
    await rig.end()


async def test_others_go_on_while_a_long_turn_is_decided():
    records = [Record("in", 0, offset, 1000, b"a", b"wait") for offset in range(100)]
    ticks = []

    async def tick() -> None:
        while True:
            ticks.append(1)
            await asyncio.sleep(0)

    ticking = asyncio.create_task(tick())
    work = Work(0, Store(RULES.deadline_ms), records, 0, 2000, caught_up=False)
    before = len(ticks)
    decided = await decide_beside_others(SlowRules(), work)
    assert len(ticks) - before >= 10
    assert decided == decide(RULES, work)
    ticking.cancel()


class SlowRules(ToyRules):
    def on_record(self, *given: Any) -> Any:
        time.sleep(0.0005)
        return super().on_record(*given)


async def test_a_turn_is_committed_once_and_not_after_it_was_given_up():
    async def commit(*_: Any) -> bool:
        return True

    work = Work(0, Store(RULES.deadline_ms), [], 0, 0, caught_up=False)
    once = Turn((work,), commit)
    once.commit([(work, decide(RULES, work))])
    with pytest.raises(BrokenAgentError):
        once.commit([(work, decide(RULES, work))])
    assert await once.done() == 1
    given_up = Turn((work,), commit)
    given_up.withdraw()
    with pytest.raises(BrokenAgentError):
        given_up.commit([(work, decide(RULES, work))])
    assert await given_up.done() == 0


ACTIONS = st.one_of(
    st.tuples(st.just("let some time pass"), st.integers(1, 40)),
    st.tuples(st.just("a transaction ends"), st.integers(0, 3)),
    st.tuples(st.just("records come"), st.integers(0, 3)),
    st.tuples(st.just("partitions are shared out anew"), st.just(0)),
    st.tuples(st.just("the agent is slow"), st.just(0)),
    st.tuples(st.just("the agent goes on"), st.just(0)),
)


@settings(max_examples=150)
@given(
    st.lists(st.integers(0, 25), min_size=1, max_size=4),
    st.lists(ACTIONS, max_size=40),
    st.booleans(),
)
def test_whatever_happens_each_record_is_decided_once_and_in_order(
    lengths, actions, stops
):
    asyncio.run(_whatever_happens(lengths, actions, stops=stops))


async def _whatever_happens(
    lengths: list[int], actions: list[tuple[str, int]], *, stops: bool
) -> None:
    rig = await rig_of(list(lengths), gated=True)
    for action, number in actions:
        match action:
            case "let some time pass":
                await passes(number)
            case "a transaction ends" if rig.gates:
                rig.gates.rotate(-number)
                rig.let_in()
            case "records come":
                rig.log.lengths[number % len(lengths)] += 3
            case "the agent is slow":
                rig.slow.clear()
            case "the agent goes on":
                rig.slow.set()
            case "partitions are shared out anew":
                await rig.share_out_anew()
    if not stops:
        rig.slow.set()
        rig.let_all_in()
        await rig.all_decided()
    await rig.end()
    for offsets in rig.committed:
        assert offsets == list(range(len(offsets)))
