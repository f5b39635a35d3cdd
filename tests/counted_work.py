"""Work counted instead of timed: it is the same on a busy machine and on a quiet one.

Counted are the instructions of Python's own machine and the calls into C. What C does
inside a call is not seen; so compare like with like, in one run, as ratios.
"""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def counted(work: Callable[[], object]) -> int:
    """Return how much *work* does, in instructions and calls of C."""
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if event == "opcode":
            count += 1
        elif event == "call":
            frame.f_trace_opcodes = True
            frame.f_trace_lines = False
        return trace

    def profile(_: FrameType, event: str, __: Any) -> None:
        nonlocal count
        count += event == "c_call"

    before = sys.gettrace(), sys.getprofile()
    sys.setprofile(profile)
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before[0])
        sys.setprofile(before[1])
    return count
