"""What a user can put right: one line each, and exit code 2."""

import re
import socket
import sys
from contextlib import suppress
from typing import NoReturn

import typer
from aiokafka.errors import KafkaError

from workers.adapters.recording import RecordingError
from workers.broker import BrokerError
from workers.cli.quiet import refusal
from workers.cli.usage import usage
from workers.cli.wrong_topics import told
from workers.delivery.exits import Exit, exit_for
from workers.delivery.kafka_topics import TopicsError
from workers.exports.latest import ExportError
from workers.settings import SettingsError

USAGE = 2
INTERRUPTED = 130


_OTHER_KAFKA = (
    "give another address with --broker HOST:PORT, or start one with "
    "`caption-worker broker`"
)


class CommandError(Exception):
    """Something a command cannot go on with; the message says what to do."""


EXPECTED = (
    BrokerError,
    CommandError,
    ExportError,
    KafkaError,
    RecordingError,
    SettingsError,
    TopicsError,
)


def lines(error: Exception) -> list[str]:
    """Say what is wrong and what to do, a line for each thing."""
    match error:
        case TopicsError():
            return list(told(error.faults, sys.argv))
        case SettingsError():
            return list(error.problems)
        case typer.TyperException():
            return list(filter(None, [_one_line(usage(error))]))
        case KafkaError():
            return [_unanswered(error)]
        case _:
            return [_one_line(str(error)) or type(error).__name__]


def leave(error: Exception, code: int = USAGE) -> NoReturn:
    """End the process with one line for each thing that is wrong."""
    with suppress(BrokenPipeError):
        for line in lines(error):
            sys.stderr.write(f"caption-worker: {line}\n")
    raise SystemExit(code)


def check_port(host: str, port: int, what: str, setting: str) -> None:
    """Refuse a port that somebody else has.

    Raises:
        CommandError: It is taken, or not ours to take; names the setting.
    """
    if port == 0:
        return
    with socket.socket(
        socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM
    ) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CommandError(
                f"port {port} for {what} cannot be used: {error.strerror}; "
                f"set another with {setting} (0 takes any)"
            ) from error


def _unanswered(error: KafkaError) -> str:
    """Say which Kafka does not answer, or what it answered."""
    asked = re.findall(r"\('([^']+)', (\d+)", str(error))
    if asked:
        where = ", ".join(":".join(one) for one in asked)
        why = refusal()
        if why is not None:
            return f"the Kafka at {where} does not let us in: {why}"
        return f"no Kafka answers at {where}; {_OTHER_KAFKA}"
    said = _one_line(str(error)) or type(error).__name__
    if exit_for(error) == Exit.ACCESS:
        return (
            f"Kafka does not let us: {said}; `caption-worker acls` tells what to grant"
        )
    return f"Kafka does not answer as it should: {said}; {_OTHER_KAFKA}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
