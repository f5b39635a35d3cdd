"""The agents themselves: read, decide, commit, and nothing else."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from workers.delivery.app import TurnApp
from workers.delivery.chances import decide_beside_others
from workers.delivery.decide import Decided, Work
from workers.delivery.rules import Rules

S = TypeVar("S")


def work(
    app: TurnApp[S],
    rules: Rules[S],
    name: str,
    committed: Callable[[Sequence[tuple[Work[S], Decided[S]]]], None],
) -> None:
    """Give an app its agent.

    Args:
        app: A Faust app.
        rules: What the agent decides by.
        name: The agent's.
        committed: Told what each turn held, once that is committed.
    """

    @app.agent(app.turns, name=name)
    async def agent(turns: Any) -> None:
        # One transaction a partition: outputs, state, rejected records and position
        # stand or fall together, so nothing here needs to be repeatable.
        async for turn in turns:
            decided = [
                (partition, await decide_beside_others(rules, partition))
                for partition in turn
            ]
            # It goes on by itself, while other partitions are decided.
            turn.commit(decided, committed)
