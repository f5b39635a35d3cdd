"""Deciding in a process that has other things to do, too."""

import asyncio
import time
from typing import Final, TypeVar

from workers.delivery.decide import Decided, Work, decide_by_steps
from workers.delivery.rules import Rules

S = TypeVar("S")

_CHANCE_S: Final = 0.001
"""For so long nothing else is done; a commit has a dozen small things to do."""


async def decide_beside_others(rules: Rules[S], work: Work[S]) -> Decided[S]:
    """Decide one partition's turn, and let other tasks go on now and then.

    Raises:
        BrokenRulesError: see `decide`.
    """
    steps = decide_by_steps(rules, work)
    until_s = time.monotonic() + _CHANCE_S
    while True:
        try:
            next(steps)
        except StopIteration as end:
            decided: Decided[S] = end.value
            return decided
        if time.monotonic() > until_s:
            await asyncio.sleep(0)
            until_s = time.monotonic() + _CHANCE_S
