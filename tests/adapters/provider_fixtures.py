"""The conversations in ``data/providers``: what a recogniser sent, and what was said.

Each was written for this project from the documented shape of the messages: guesses
that grow, one that is taken back, finals, a change of speaker or channel, a second
session, and what is peculiar to the provider. ``NAME.said.txt`` has a line a turn.
"""

import json
from pathlib import Path

from workers.adapters.providers.registry import PROVIDERS

FOLDER = Path(__file__).parent / "data" / "providers"
PATHS = {
    name: FOLDER / f"{name}.{'log' if one.plain_lines else 'jsonl'}"
    for name, one in PROVIDERS.items()
}
NAMES = sorted(PROVIDERS)


def messages(name: str) -> list[bytes]:
    """Return what the provider sent."""
    return [line.encode() for line in PATHS[name].read_text().splitlines()]


def values(name: str) -> list[object]:
    """Return what the provider sent, but for lines that are no JSON."""
    return [json.loads(one) for one in messages(name) if one.startswith(b"{")]


def said(name: str) -> list[str]:
    """Return the words of the conversation, in order."""
    return (FOLDER / f"{name}.said.txt").read_text().split()


def adapted(name: str, sent):
    """Return the segments of messages, in order; values are written as JSON."""
    memory, segments = None, []
    for message in sent:
        raw = message if isinstance(message, bytes) else json.dumps(message).encode()
        memory, now = PROVIDERS[name].adapt(memory, raw, "call-1")
        segments += now
    return segments
