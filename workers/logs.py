"""Logs: one line an event, as JSON or to be read; never what was said, by default.

Ours come from structlog, those of Faust, mode and aiokafka from ``logging``; both take
the same way out. Values are escaped, so that none of them can forge a line.
"""

import json
import logging
import math
import os
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from pathlib import PurePath
from typing import Any, Literal, TextIO
from uuid import UUID

import msgspec
import structlog
from pydantic import SecretStr
from structlog.typing import EventDict, Processor, WrappedLogger

Format = Literal["auto", "json", "text"]

TEXT_FIELDS = frozenset(
    {"text", "lines", "words", "keyphrases", "label", "topic_label", "evidence"}
)
"""Names under which messages carry what was said."""
FOREIGN = ("faust", "mode", "aiokafka", "asyncio", "kafka", "uvicorn")
"""Who logs through ``logging``. What they tell as ``info`` is of their own works, fifty
lines a start, so it is heard from ``debug`` on; what is below may quote records."""
BANNER = "[^"
"""Begins what Faust's services tell of their starts and ends, ours among them."""
DEEPEST = 6
"""Levels of a value that are shown; deeper ones would be no use in a line."""
HIDDEN = "(hidden)"

_CONTAINERS = (
    bytes,
    bytearray,
    memoryview,
    msgspec.Struct,
    Mapping,
    Sequence,
    set,
    frozenset,
)
_TELLING = (str, float, date, timedelta, PurePath, Enum, BaseException, UUID, SecretStr)
"""What says no more than its name promises. Other objects, such as a Kafka record,
may hold speech and are named by their type."""


def configure_logging(
    *,
    log_format: Format = "auto",
    level: str = "info",
    log_text: bool = False,
    stream: TextIO | None = None,
    agent: str | None = None,
) -> None:
    """Send all logs of this process one way; may be called again.

    Args:
        log_format: ``auto`` is ``text`` on a terminal, else ``json``.
        level: The least that is logged; of libraries warnings, unless it is ``debug``.
        log_text: Show what was said, and let libraries speak below ``info``.
        stream: Where to; standard error if none is given, as standard output is for
            what a command gives.
        agent: Whose process this is, told with each event.
    """
    out = sys.stderr if stream is None else stream
    on_terminal = out.isatty()
    as_text = log_format == "text" or (log_format == "auto" and on_terminal)
    whose = {} if agent is None else {"agent": agent}
    first: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        lambda _logger, _method, event: {**whose, **event},
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
    ]
    structlog.configure(
        processors=[
            *first,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        _Formatter(
            foreign_pre_chain=first,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.StackInfoRenderer(),
                structlog.processors.format_exc_info,
                _Plain(log_text=log_text, as_text=as_text),
                _text_renderer(colors=on_terminal and "NO_COLOR" not in os.environ)
                if as_text
                else _json,
            ],
        )
    )
    logging.root.handlers = [handler]
    logging.root.setLevel(level.upper())
    least = logging.INFO
    if logging.root.level > logging.DEBUG:
        handler.addFilter(_no_banner)
        least = logging.WARNING
    elif log_text:
        least = logging.DEBUG
    logging.captureWarnings(capture=True)
    for name in FOREIGN:
        logger = logging.getLogger(name)
        logger.handlers = []
        logger.propagate = True
        logger.setLevel(max(least, logging.root.level))


def _no_banner(record: logging.LogRecord) -> bool:
    """Tell whether a record is more than a service's word on its start or end."""
    return record.levelno >= logging.WARNING or not str(record.msg).startswith(BANNER)


class _Formatter(structlog.stdlib.ProcessorFormatter):
    """Formats a record whatever is wrong with it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line; ``logging`` would print a failure over many."""
        try:
            return super().format(record)
        except Exception as error:  # noqa: BLE001  # a log line must not fail its event
            return json.dumps(
                {
                    "time": datetime.fromtimestamp(record.created, UTC).isoformat(),
                    "level": record.levelname.lower(),
                    "logger": record.name,
                    "event": "log_line_failed",
                    "error": type(error).__name__,
                    "where": f"{record.module}:{record.lineno}",
                }
            )


class _Plain:
    """Makes values plain: numbers, texts, lists and maps of them.

    JSON escapes texts by itself; on a terminal they are escaped here.
    """

    def __init__(self, *, log_text: bool, as_text: bool) -> None:
        self._log_text = log_text
        self._as_text = as_text

    def __call__(
        self, logger: WrappedLogger, method: str, event_dict: EventDict
    ) -> EventDict:
        del logger, method
        traces = {
            name: _marked(str(trace)) if self._as_text else str(trace)
            for name in ("exception", "stack")
            if (trace := event_dict.pop(name, None))
        }
        return self._map(event_dict, DEEPEST) | traces

    def _map(self, values: Mapping[Any, Any], depth: int) -> dict[str, Any]:
        return {
            self._text(str(name)): self._value(str(name), value, depth)
            for name, value in values.items()
        }

    def _value(self, name: str, value: Any, depth: int) -> Any:
        if not self._log_text and name in TEXT_FIELDS and value:
            return HIDDEN
        if isinstance(value, str) or not isinstance(value, _CONTAINERS):
            return self._single(value)
        if isinstance(value, bytes | bytearray | memoryview):
            return self._text(str(value)) if self._log_text else f"({len(value)} bytes)"
        if depth == 0:
            return "…"
        if isinstance(value, msgspec.Struct):
            fields = msgspec.structs.asdict(value)
            value = {name: part for name, part in fields.items() if part is not None}
        if isinstance(value, Mapping):
            return self._map(value, depth - 1)
        return [self._value(name, part, depth - 1) for part in value]

    def _single(self, value: Any) -> Any:
        if value is None or isinstance(value, bool | int):
            return value
        if isinstance(value, float) and math.isfinite(value):
            return value
        if self._log_text or isinstance(value, _TELLING):
            return self._text(_described(value))
        return f"({type(value).__name__})"

    def _text(self, text: str) -> str:
        return escape(text) if self._as_text else text


def escape(text: str) -> str:
    r"""Write line ends and controls as ``\n``, ``\x1b`` and so on."""
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode()
        for letter in text
    )


def _marked(trace: str) -> str:
    """Begin each line of a trace so that none passes for an event."""
    return "\n".join(f"  | {escape(line)}" for line in trace.split("\n"))


def _described(value: object) -> str:
    try:
        return str(value)
    except Exception as error:  # noqa: BLE001  # whatever it is, its event is logged
        return f"({type(value).__name__}: {type(error).__name__} while it was shown)"


def _json(logger: WrappedLogger, method: str, event_dict: EventDict) -> str:
    """Write ASCII, which no terminal, file or collector cuts at a wrong place."""
    del logger, method
    order = ("time", "level", "logger", "event")
    first = {name: event_dict.pop(name) for name in order if name in event_dict}
    return json.dumps({**first, **event_dict})


def _text_renderer(*, colors: bool) -> Processor:
    return structlog.dev.ConsoleRenderer(
        colors=colors,
        timestamp_key="time",
        exception_formatter=structlog.dev.plain_traceback,
        pad_event_to=0,
        sort_keys=False,
    )
