"""The job on our own delivery: rules, an app, an agent, as the worker's agents are."""

# ruff: noqa: ARG002  # the protocol's, and this job has no use for some

import os
from typing import Any

import orjson

from tests.bench.peers.job import State, step
from workers.agents.shell import work
from workers.delivery.app import make_app, run_agent
from workers.delivery.clients import Connection
from workers.delivery.decide import Decided, Work
from workers.delivery.exits import UnknownStateVersionError
from workers.delivery.records import Output, Record
from workers.delivery.rules import Decision, RefusedError
from workers.delivery.settings import TurnSettings


class PeerRules:
    """The job as rules."""

    state_version = 1

    def __init__(self, output: str, rejected: str) -> None:
        self._output = output
        self._rejected = rejected

    def encode_state(self, state: State) -> bytes:
        return orjson.dumps(state)

    def decode_state(self, version: int, data: bytes) -> State:
        if version != self.state_version:
            raise UnknownStateVersionError(f"state has version {version}")
        return orjson.loads(data)

    def deadline_ms(self, state: State) -> None:
        """Streams of this job have no end."""

    def on_record(
        self, state: State | None, record: Record, now_ms: int
    ) -> Decision[State]:
        if record.value is None:
            raise RefusedError("null_value", "the record has no value")
        after, caption = step(state, orjson.loads(record.value))
        if caption is None:
            return Decision(after)
        value = orjson.dumps(caption)
        return Decision(after, (Output(self._output, record.key, value),))

    def on_deadline(self, key: bytes, state: State, now_ms: int) -> Decision[State]:
        raise AssertionError("no state has a deadline")

    def skip(self, record: Record) -> bool:
        return False

    def rejected(self, record: Record, reason: str, error: str, now_ms: int) -> Output:
        headers = (("reason", reason.encode()), ("error", error.encode()))
        return Output(self._rejected, record.key, record.value, headers)


def main() -> None:
    env = os.environ
    rules = PeerRules(env["OUT"], f"{env['OUT']}.rejected")
    settings = TurnSettings(
        group=env["GROUP"],
        input_topics=(env["IN"],),
        state_topic=env["STATE"],
        instance_id=env.get("INSTANCE"),
    )
    app = make_app(rules, settings, Connection(bootstrap=env["BROKER"]))
    work(app, rules, "peer", _committed)
    run_agent(app)


def _committed(decided: list[tuple[Work[Any], Decided[Any]]]) -> None:
    """Count nothing: the harness does."""


if __name__ == "__main__":
    main()
