"""Schemas and examples of each released version, kept for ever.

``make released`` keeps those of today under the version in pyproject.toml: part of a
release. What is kept of an earlier version is never changed again.
"""

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

from schemas.json_schema import json_schema, messages

SCHEMAS = Path(__file__).parents[2] / "schemas"
FOLDER = SCHEMAS / "released"


def today() -> dict[str, Any]:
    """Return schema and example of each message as they are now."""
    return {
        name: {
            "schema": json_schema(kind),
            "example": json.loads((SCHEMAS / "examples" / f"{name}.json").read_bytes()),
        }
        for name, kind in sorted(messages().items())
    }


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    path = FOLDER / f"{version('caption-worker')}.json"
    path.write_text(json.dumps(today(), ensure_ascii=False, sort_keys=True) + "\n")
