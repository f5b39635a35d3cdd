"""Checks of this machine: versions, models, messages, disk, ports."""

import json
import shutil
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Final

import schemas
from schemas.codec import BadMessageError, MessageDecoder
from schemas.json_schema import messages
from workers.cli.doctor.finding import Finding, fault, ok, warning
from workers.cli.errors import CommandError, check_port
from workers.delivery.versions import MEASURED, WrongVersionError, check_versions
from workers.settings import Settings, metrics_port, metrics_setting

LEAST_FREE_BYTES: Final = 1 << 30
"""The embedded Kafka begins with some hundred megabytes."""
_ANSWER_S: Final = 3


def versions() -> Iterator[Finding]:
    """Compare libraries with those that delivery was measured on."""
    python = ".".join(map(str, sys.version_info[:3]))
    try:
        check_versions()
    except WrongVersionError as error:
        yield fault(
            "versions",
            str(error).partition(":")[0],
            "install what pyproject.toml pins: `make setup`, or the image",
        )
    else:
        of = ", ".join(f"{name} {number}" for name, number in MEASURED.items())
        ours = version("caption-worker")
        yield ok("versions", f"caption-worker {ours}, Python {python}, {of}")


def examples() -> Iterator[Finding]:
    """Read the examples of all messages that come with this installation."""
    folder = Path(schemas.__file__).with_name("examples")
    wrong = []
    known = messages()
    for name, kind in known.items():
        try:
            value = (folder / f"{name}.json").read_bytes()
            key = json.loads(value)["stream_id"].encode()
            MessageDecoder(kind).decode(key, value)
        except (OSError, ValueError, KeyError, BadMessageError) as error:
            wrong.append(f"{name}: {error}")
    if wrong:
        yield fault(
            "messages",
            f"{len(wrong)} of {len(known)} examples cannot be read ({wrong[0]})",
            "files of this installation are missing or changed: install it anew",
        )
    else:
        yield ok("messages", f"the examples of all {len(known)} messages can be read")


def disk() -> Iterator[Finding]:
    """Look for room where the embedded Kafka and temporary files go."""
    folder = tempfile.gettempdir()
    free = shutil.disk_usage(folder).free
    said = f"{free / 2**30:.1f} GiB free in {folder}"
    if free < LEAST_FREE_BYTES:
        yield warning(
            "disk",
            said,
            "free some, or set TMPDIR; agents keep nothing on disk, the embedded Kafka "
            "and whoever keeps the logs do",
        )
    else:
        yield ok("disk", said)


def ports(settings: Settings, agents: tuple[str, ...]) -> Iterator[Finding]:
    """See that each agent could serve its metrics, or already does and how it is."""
    host = settings.metrics_host
    for agent in agents:
        port, check = metrics_port(settings, agent), f"port of {agent}"
        try:
            check_port(host, port, f"metrics of agent {agent}", metrics_setting(agent))
        except CommandError as error:
            yield _who_has(check, settings, port) or fault(
                check,
                f"port {port} cannot be used by agent {agent}",
                f"end who has it, or {str(error).partition('; ')[2]}",
            )
        else:
            what = f"{host}:{port} is free" if port else "any free port is taken"
            yield ok(check, f"{what}; agent {agent} does not run here")


def _who_has(check: str, settings: Settings, port: int) -> Finding | None:
    """Ask an agent that has the port whether it is ready; None if it is none."""
    host = settings.metrics_host
    asked = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104  # compared, not bound
    try:
        with urllib.request.urlopen(  # always http
            f"http://{asked}:{port}/ready", timeout=_ANSWER_S
        ) as answer:
            told = json.load(answer)
    except urllib.error.HTTPError as error:
        try:
            told = json.load(error)
        except ValueError:
            return None
    except (OSError, ValueError):
        return None
    if not isinstance(told, dict) or "ready" not in told:
        return None
    if told["ready"]:
        return ok(check, f"an agent runs on port {port}, and is ready")
    reasons = "; ".join(map(str, told.get("reasons", ())))
    return warning(
        check,
        f"an agent runs on port {port}, and is not ready: {reasons}",
        "wait, or see CaptionsNotReady in docs/RUNBOOK.md",
    )


def models(settings: Settings) -> Iterator[Finding]:
    """Load what topics are told by, and what is set about captions."""
    from workers.app import caption_rules, topic_model  # noqa: PLC0415  # slow to import
    from workers.settings import SettingsError  # noqa: PLC0415

    try:
        caption_rules(settings)
    except SettingsError as error:
        for problem in error.problems:
            yield fault("settings", problem, "correct the setting, or leave it out")
    try:
        topic_model(settings)
    except (OSError, ValueError, ImportError) as error:
        yield fault(
            "models",
            f"what topics are told by cannot be loaded: {error}",
            "files of this installation are missing: install it anew",
        )
    else:
        yield ok("models", "what topics are told by can be loaded")
