"""Kinds of values that several settings have."""

import json
from typing import Annotated, Any

from pydantic import BeforeValidator, Field
from pydantic_settings import NoDecode


def parts(value: Any) -> Any:
    """Take a list apart that stands in a variable, separated by commas."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def once(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return each name once, in order."""
    return tuple(dict.fromkeys(names))


def from_json(value: Any, shape: str) -> Any:
    """Read the JSON of a variable; a value from the file is taken as it is.

    Args:
        value: As it was set.
        shape: What it should be, for people.

    Raises:
        ValueError: It is none; what is in it is not told.
    """
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        pass
    raise ValueError(f"should be JSON: {shape}")


Port = Annotated[int, Field(ge=0, le=65535)]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Days = Annotated[float, Field(gt=0, le=3650, allow_inf_nan=False)]
Names = Annotated[tuple[str, ...], NoDecode, BeforeValidator(parts)]
