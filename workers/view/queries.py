"""What a request asks for besides its path: checked, or refused by name."""

import re

from starlette.requests import Request

from workers.view.openapi import KINDS
from workers.view.positions import BadPositionError, Position, read
from workers.view.problems import ProblemError

YES = ("1", "true")


def position(request: Request) -> Position | None:
    """Return where a client stands; a page that starts anew tells it in the query."""
    told = request.headers.get("last-event-id")
    told = request.query_params.get("last_event_id") if told is None else told
    if not told:
        return None
    try:
        return read(told)
    except BadPositionError as error:
        raise ProblemError(400, f"Last-Event-ID: {error}") from error


def kinds(request: Request) -> frozenset[str] | None:
    """Return the names of the messages that are wanted; None is all."""
    told = request.query_params.get("types")
    if told is None:
        return None
    kinds = frozenset(told.split(","))
    if not kinds <= KINDS:
        known = ", ".join(sorted(KINDS))
        raise ProblemError(400, f"types are some of: {known}")
    return kinds


def number(request: Request, name: str, default: int, least: int, most: int) -> int:
    """Return a number of the query, within its bounds."""
    told = request.query_params.get(name)
    if told is None:
        return default
    # Longer ones are no number of anybody's, and slow to read.
    value = int(told) if re.fullmatch(r"[0-9]{1,20}", told) else -1
    if not least <= value <= most:
        raise ProblemError(400, f"{name} is a number from {least} to {most}")
    return value


def passed_on(request: Request, *names: str) -> str:
    """Return the part of the query that goes on to other addresses."""
    chosen = [one for one in request.url.query.split("&") if one.split("=")[0] in names]
    return "&".join(chosen)


def yes(request: Request, name: str) -> bool:
    """Tell whether something is wanted."""
    return request.query_params.get(name) in YES
