"""A provider's log: one of its messages a line, bare or with its moment.

All its messages are of one stream: providers do not know our streams.
"""

from typing import Any

import msgspec

from workers.adapters.logged import Read, timed, unwrapped
from workers.adapters.logged import read as dated
from workers.adapters.providers.provider import AdapterError, Provider
from workers.adapters.timed import ReadError, Timed, lines


def read(text: str, provider: Provider[Any], stream_id: str) -> list[Timed]:
    """Read a log, in the order of its lines.

    Raises:
        ReadError: A line is not JSON, or its message is not of this provider.
    """
    found: list[Read] = []
    memory = None
    for number, line in enumerate(lines(text), start=1):
        if not line.strip():
            continue
        try:
            message, received_s = _message(line, provider)
            memory, segments = provider.adapt(memory, message, stream_id)
            found += (dated(segment, received_s) for segment in segments)
        except AdapterError as error:
            raise ReadError(f"line {number}: {error}") from error
        except msgspec.ValidationError as error:
            raise ReadError(f"line {number}: {error}") from error
        except (msgspec.DecodeError, RecursionError) as error:
            raise ReadError(f"line {number} is not JSON: {error}") from error
    return list(timed(found))


def _message(line: str, provider: Provider[Any]) -> tuple[bytes, float | None]:
    if provider.plain_lines and not line.lstrip().startswith("{"):
        return line.encode(), None
    return unwrapped(line.encode(), always_dated=True)
