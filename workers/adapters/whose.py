"""Whose messages a log may hold: asked where it was read as somebody else's."""

from itertools import islice
from typing import Final

from workers.adapters import provider_log
from workers.adapters.providers.registry import PROVIDERS
from workers.adapters.timed import ReadError, lines

_LINES: Final = 200
"""So many are looked at: who speaks at all has spoken by then."""


def providers_of(text: str) -> list[str]:
    """Return the names of the providers as whose log a text has speech.

    Args:
        text: One message a line.

    Returns:
        Those who find most first; none where no line of it says anything to anybody.
    """
    begin = "\n".join(islice((one for one in lines(text) if one.strip()), _LINES))
    found = {name: _segments(begin, name) for name in PROVIDERS}
    named = [name for name, count in found.items() if count]
    return sorted(named, key=lambda name: -found[name])


def _segments(text: str, name: str) -> int:
    try:
        return len(provider_log.read(text, PROVIDERS[name], "stream"))
    except ReadError:
        return 0
