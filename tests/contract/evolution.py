"""Whether a schema may follow another one within ``v1``; the rules of schemas/README.

Both readers are asked: an old one reads new messages, a new one reads old messages.
"""

from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]

_SAID = {"description", "title", "$id", "$schema", "$defs"}
"""What only people read, and what is put in its place by `_whole`."""


def broken(old: Schema, new: Schema, *, from_others: bool = False) -> Iterator[str]:
    """Yield what of *new* breaks a rule, with its place.

    Args:
        old: As it was released.
        new: As it is now.
        from_others: Others write it and we read it: we may come to do without a field.
    """
    old, new = _whole(old, old), _whole(new, new)
    if from_others:
        asked = set(new["required"])
        old["required"] = [name for name in old["required"] if name in asked]
    yield from _differences(old, new, new.get("title", ""))


def _whole(value: Any, root: Schema) -> Any:
    """Return a schema with what it refers to in its place; none refers to itself."""
    if isinstance(value, list | tuple):
        return [_whole(each, root) for each in value]
    if not isinstance(value, dict):
        return value
    if "$ref" in value:
        return _whole(root["$defs"][value["$ref"].rpartition("/")[2]], root)
    return {key: _whole(each, root) for key, each in value.items() if key != "$defs"}


def _differences(old: Schema, new: Schema, where: str) -> Iterator[str]:
    for key in sorted((old.keys() | new.keys()) - _SAID):
        was, now, place = old.get(key), new.get(key), f"{where}.{key}"
        match key, was, now:
            case "properties", dict(), dict():
                yield from _of_fields(was, now, place)
            case "enum" | "required", list(), list():
                gone = [one for one in was if one not in now]
                come = [one for one in now if one not in was if key == "required"]
                yield from (f"{place}: {one!r} has changed" for one in gone + come)
            case _, dict(), dict():
                yield from _differences(was, now, place)
            case "anyOf", list(), list() if len(was) == len(now):
                for one, other in zip(was, now, strict=True):
                    yield from _differences(one, other, place)
            case _ if was != now:
                yield f"{place}: {was!r} became {now!r}"


def _of_fields(was: Schema, now: Schema, where: str) -> Iterator[str]:
    """Compare fields by name; that a new one is required, ``required`` tells."""
    for name, field in was.items():
        if name in now:
            yield from _differences(field, now[name], f"{where}.{name}")
        else:
            yield f"{where}.{name}: is gone"
