"""How a command that goes on for long is ended: in order, whatever ends it."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def every_end_is_ctrl_c() -> Iterator[None]:
    """Let SIGTERM and a closed terminal stop everything in order, as Ctrl-C does.

    A shell starts what is in its background deaf to Ctrl-C; we have to hear it, for
    the others become it. Only `nohup` is obeyed.
    """
    before = {
        number: signal.getsignal(number)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    }
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, _as_ctrl_c)
    if before[signal.SIGHUP] is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _as_ctrl_c)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _as_ctrl_c(*_: object) -> None:
    signal.raise_signal(signal.SIGINT)
