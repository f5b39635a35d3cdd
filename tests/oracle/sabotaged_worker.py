"""A toy worker with one thing broken in it on purpose: does the oracle see it?

Each sabotage is a mistake that somebody could make in `workers.delivery` and that most
runs would not show. Run with its name before the toy worker's own arguments.
"""

import os
import random
import sys
import time
from collections.abc import Callable
from typing import Any

from aiokafka.errors import KafkaError
from msgspec.structs import replace

from tests.delivery.toy import ToyRules
from workers.delivery import clients, decide, inbox, partition, transaction
from workers.delivery.app import make_app
from workers.delivery.position import POSITION_KEY

SABOTAGES: dict[str, Callable[[], None]] = {}
FAILS_AT = 5
"""Which commit fails, where one must."""

_write = transaction.Transactions.write
_commit = partition.Partition.commit


def _sabotage(how: Callable[[], None]) -> Callable[[], None]:
    SABOTAGES[how.__name__.replace("_", " ")] = how
    return how


def _is_state(rows: Any) -> bool:
    return any(row.key == POSITION_KEY for row in rows)


@_sabotage
def nothing() -> None:
    """Break nothing: the oracle must stay silent."""


@_sabotage
def outputs_are_committed_before_the_position() -> None:
    async def write(self, rows):
        outputs = {name: each for name, each in rows.items() if not _is_state(each)}
        if any(outputs.values()):
            await _write(self, outputs)
        state = {name: each for name, each in rows.items() if _is_state(each)}
        await _write(self, state)

    transaction.Transactions.write = write


@_sabotage
def the_position_is_committed_before_the_outputs() -> None:
    async def write(self, rows):
        await _write(
            self, {name: each for name, each in rows.items() if _is_state(each)}
        )
        outputs = {name: each for name, each in rows.items() if not _is_state(each)}
        if any(outputs.values()):
            await _write(self, outputs)

    transaction.Transactions.write = write


@_sabotage
def nobody_is_fenced() -> None:
    init = transaction.Transactions.__init__

    def new(self, connection, transactional_id, number):
        init(self, connection, f"{transactional_id}-{os.getpid()}", number)

    transaction.Transactions.__init__ = new


@_sabotage
def state_is_not_reset_when_a_transaction_is_aborted() -> None:
    commits = 0

    async def commit(self, work, decided):
        nonlocal commits
        commits += bool(decided.changes)
        if commits == FAILS_AT and decided.changes:
            self.store.apply(decided.changes)
            decided = decide.decide(self._rules, work)
        return await _commit(self, work, decided)

    partition.Partition.commit = commit


@_sabotage
def an_error_in_a_commit_is_swallowed() -> None:
    commits = 0

    async def write(self, rows):
        nonlocal commits
        commits += len(rows) > 1
        try:
            if commits == FAILS_AT and len(rows) > 1:
                raise KafkaError("not written")  # noqa: TRY301  # the swallowed one
            await _write(self, rows)
        except KafkaError:
            pass

    transaction.Transactions.write = write


@_sabotage
def outputs_go_where_a_partitioner_sends_them() -> None:
    make = transaction.Transactions.__init__

    def init(self, connection, transactional_id, number):
        make(self, connection, transactional_id, number)
        send = self._producer.send_batch

        async def send_batch(batch, topic, *, partition):
            if topic.endswith(".out"):
                partition = (partition + random.randrange(2)) % 4
            return await send(batch, topic, partition=partition)

        self._producer.send_batch = send_batch

    transaction.Transactions.__init__ = init


@_sabotage
def rejected_records_are_sent_outside_of_the_transaction() -> None:
    plain: Any = None

    async def write(self, rows):
        nonlocal plain
        for name in [name for name in rows if name.endswith(".rejected")]:
            if plain is None:
                plain = clients.Connection(bootstrap=sys.argv[2]).producer()
                await plain.start()
            for row in rows.pop(name):
                await plain.send_and_wait(
                    name,
                    row.value,
                    key=row.key,
                    partition=self._partition,
                    timestamp_ms=row.time_ms,
                    headers=list(row.headers),
                )
        await _write(self, rows)

    transaction.Transactions.write = write


@_sabotage
def outputs_tell_the_time_of_writing() -> None:
    async def write(self, rows):
        now_ms = int(time.time() * 1000)
        late = {
            name: [replace(row, time_ms=now_ms) for row in each]
            for name, each in rows.items()
            if not _is_state(each)
        }
        await _write(self, {**rows, **late})

    transaction.Transactions.write = write


@_sabotage
def outputs_are_in_the_order_of_a_set() -> None:
    async def write(self, rows):
        mixed = {
            name: sorted(each, key=lambda _: random.random())
            for name, each in rows.items()
            if not _is_state(each)
        }
        await _write(self, {**rows, **mixed})

    transaction.Transactions.write = write


@_sabotage
def a_batch_is_sent_again_as_if_it_were_new() -> None:
    writes = 0

    async def write(self, rows):
        nonlocal writes
        writes += len(rows) > 1
        if writes == FAILS_AT:
            rows = {
                name: each if _is_state(each) else [*each, *each]
                for name, each in rows.items()
            }
        await _write(self, rows)

    transaction.Transactions.write = write


@_sabotage
def a_record_whose_step_raises_is_skipped() -> None:
    decide._Turn._reject = lambda *_: None


@_sabotage
def a_fetched_record_is_dropped_now_and_then() -> None:
    taken = 0
    put = inbox.Inbox.put

    def drop(self, topic, fetched):
        nonlocal taken
        taken += len(fetched.records)
        put(self, topic, fetched)
        if taken > 40 and len(self._inputs[topic].records) > 1:
            taken = 0
            del self._inputs[topic].records[1]

    inbox.Inbox.put = drop


@_sabotage
def a_key_that_ends_gets_no_tombstone() -> None:
    async def write(self, rows):
        await _write(
            self,
            {
                name: [row for row in each if row.value is not None]
                if _is_state(each)
                else each
                for name, each in rows.items()
            },
        )

    transaction.Transactions.write = write


@_sabotage
def state_is_written_without_its_last_change() -> None:
    async def write(self, rows):
        await _write(
            self,
            {
                name: each[1:] if _is_state(each) and len(each) > 8 else each
                for name, each in rows.items()
            },
        )

    transaction.Transactions.write = write


@_sabotage
def uncommitted_records_are_read() -> None:
    make = clients.Connection.consumer

    def consumer(self, **options):
        made = make(self, **options)
        made._isolation_level = "read_uncommitted"
        return made

    clients.Connection.consumer = consumer


@_sabotage
def the_rules_look_at_the_clock() -> None:
    on_record = ToyRules.on_record

    def late(self, state, record, now_ms):
        decision = on_record(self, state, record, now_ms)
        mark = (("written", b"%d" % time.time_ns()),)
        outputs = tuple(replace(each, headers=mark) for each in decision.outputs)
        return replace(decision, outputs=outputs)

    ToyRules.on_record = late


if __name__ == "__main__":
    SABOTAGES[sys.argv.pop(1)]()
    assert make_app  # the toy worker makes it now
    import tests.delivery.toy_worker  # noqa: F401  # runs
