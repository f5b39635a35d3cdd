"""How a process ends: one code for each cause, at once, after one line in the log.

Nothing is cleaned up on the way out, on purpose. Whatever a transaction left open is
aborted by the next owner's start, and code that runs after the unexpected has shown to
do harm (Faust counts a message whose agent raised as done).
"""

import asyncio
import contextlib
import logging
import os
import sys
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import IntEnum
from typing import ClassVar, NoReturn

from aiokafka.errors import (
    BrokerResponseError,
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    InvalidProducerEpoch,
    InvalidProducerIdMapping,
    KafkaConnectionError,
    KafkaTimeoutError,
    NodeNotReadyError,
    OutOfOrderSequenceNumber,
    ProducerFenced,
    RequestTimedOutError,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
)

log = logging.getLogger(__name__)

_TELLING_S = 2.0
"""Whoever reads our log may have gone, or hang; that must not keep us alive."""


class Exit(IntEnum):
    """Exit codes of an agent's process, from 70 on as in sysexits.h."""

    OK = 0
    """Stopped as asked; positions closed."""
    UNEXPECTED = 70
    """A bug, or an answer of Kafka nobody thought of. Restart; report it."""
    FENCED = 71
    """Another process took a partition over while this one was away. Restart."""
    HANG = 72
    """Nothing moved for too long, so the watchdog ended it. Restart; report it."""
    STATE_UNREADABLE = 73
    """State on Kafka that this version cannot read. Do not restart: look."""
    POSITION = 74
    """State, group and log do not fit together: data is gone. Do not restart: look."""
    KAFKA_GONE = 75
    """Kafka does not answer. Restart, with a pause."""
    TOPICS = 76
    """Kafka topics are missing or not as they must be. Do not restart: create them."""
    ACCESS = 77
    """Kafka does not let this user do what it has to. Do not restart: grant it."""


class DeliveryError(Exception):
    """What delivery itself finds wrong; ends the process with its own code."""

    exit: ClassVar[Exit] = Exit.UNEXPECTED


class UnknownStateVersionError(DeliveryError):
    """A state was written by a version this one cannot read."""

    exit = Exit.STATE_UNREADABLE


class StateUnreadableError(DeliveryError):
    """A state, or the position beside it, is not what a worker writes."""

    exit = Exit.STATE_UNREADABLE


class PositionError(DeliveryError):
    """The position does not fit the log or the group: records or state are gone."""

    exit = Exit.POSITION


class KafkaGoneError(DeliveryError):
    """Kafka has not answered for too long."""

    exit = Exit.KAFKA_GONE


@asynccontextmanager
async def patience(limit_s: float) -> AsyncIterator[Callable[[], None]]:
    """Wait for Kafka for so long at most; called, what it yields begins anew.

    So whoever waits gives up before the watchdog does, and tells for whom it waited.

    Raises:
        KafkaGoneError: nothing has come for so long.
    """
    now = asyncio.get_running_loop().time
    try:
        async with asyncio.timeout(limit_s) as waiting:
            yield lambda: waiting.reschedule(now() + limit_s)
    except TimeoutError as error:
        raise KafkaGoneError(f"Kafka has not answered for {limit_s:.0f} s") from error


class HangError(DeliveryError):
    """The process is alive and does nothing."""

    exit = Exit.HANG


_FENCED = (
    ProducerFenced,
    InvalidProducerEpoch,
    InvalidProducerIdMapping,
)
_NOT_ALLOWED = (
    ClusterAuthorizationFailedError,
    GroupAuthorizationFailedError,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
)
_GONE = (
    KafkaConnectionError,
    KafkaTimeoutError,
    NodeNotReadyError,
    RequestTimedOutError,
    TimeoutError,
    OutOfOrderSequenceNumber,  # a batch came twice or late over two connections
)


def exit_for(error: BaseException) -> Exit:
    """Return the exit code for an error, looking also at what caused it."""
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, DeliveryError):
            return cause.exit
        if isinstance(cause, _FENCED):
            return Exit.FENCED
        if isinstance(cause, _NOT_ALLOWED):
            return Exit.ACCESS
        # Of some answers Kafka says that they pass: there is no leader, no coordinator,
        # no disk. A Kafka topic that is not there is found at the start, see 76.
        passes = isinstance(cause, BrokerResponseError) and cause.retriable
        if passes or isinstance(cause, _GONE):
            return Exit.KAFKA_GONE
        cause = cause.__cause__
    return Exit.UNEXPECTED


def die(error: BaseException) -> NoReturn:
    """End this process now, with the code for *error*."""
    code = exit_for(error)
    telling = threading.Thread(target=_tell, args=(code, error), daemon=True)
    try:
        telling.start()
        telling.join(_TELLING_S)
    finally:
        os._exit(code)


def leave() -> NoReturn:
    """End this process now, as stopped: all is closed but connections."""
    telling = threading.Thread(target=_tell_of_leaving, daemon=True)
    try:
        telling.start()
        telling.join(_TELLING_S)
    finally:
        os._exit(Exit.OK)


def _tell(code: Exit, error: BaseException) -> None:
    log.critical(
        "ending at once: %s (exit %d): %r", code.name, code, error, exc_info=error
    )
    _flush()


def _tell_of_leaving() -> None:
    log.warning("positions are closed, connections do not close: not waiting for them")
    _flush()


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError):
            stream.flush()
