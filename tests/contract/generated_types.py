"""Types for client developers, made from the messages; `make schemas` writes them."""

import sys
from pathlib import Path
from typing import Any

import msgspec

from schemas.json_schema import DIALECT, messages
from tests.tools import node

TYPESCRIPT = Path(__file__).parents[2] / "schemas" / "typescript" / "captions.d.ts"


def combined() -> dict[str, Any]:
    """Return one schema of all messages, so that what they share is told once.

    Among all messages one is known by its ``type`` alone: here each has to have it.
    """
    references, definitions = msgspec.json.schema_components(
        list(messages().values()), ref_template="#/$defs/{name}"
    )
    return {
        "$schema": DIALECT,
        "title": "Message",
        "oneOf": list(references),
        "$defs": definitions,
    }


def typescript() -> str:
    """Return the types of all messages."""
    return node("types.mjs", said=msgspec.json.encode(combined())).decode()


if __name__ == "__main__":
    TYPESCRIPT.parent.mkdir(exist_ok=True)
    TYPESCRIPT.write_text(typescript())
    sys.stderr.write(f"wrote {TYPESCRIPT.name}\n")
