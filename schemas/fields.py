"""The field types that messages share, with their bounds and units."""

from typing import Annotated

from msgspec import Meta, Struct

MAX_ID_BYTES = 256
MAX_TEXT_BYTES = 16 * 1024
MAX_WORDS = 2000
MAX_MEDIA_S = 1e7

Id = Annotated[str, Meta(min_length=1, max_length=MAX_ID_BYTES)]
"""A name given by others: 1 to 256 bytes of UTF-8."""

MediaSeconds = Annotated[float, Meta(ge=0, le=MAX_MEDIA_S)]
"""Media time: seconds since the stream began."""

Share = Annotated[float, Meta(ge=0, le=1)]
"""0 to 1."""

Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
"""No more than every reader of JSON can hold exactly."""

Text = Annotated[str, Meta(max_length=MAX_TEXT_BYTES)]
"""At most 16 KiB of UTF-8."""

Language = Annotated[str, Meta(min_length=1, max_length=35)]
"""A BCP 47 tag, such as ``en`` or ``pt-BR``."""


class Message(Struct, frozen=True, kw_only=True):
    """What every value on a Kafka topic has; ``type`` is the name of its class."""

    stream_id: Id
    """One programme, call or meeting; also the key of the Kafka message."""


def check_bytes(name: str, value: str | None, limit: int) -> None:
    """Refuse text that is longer than *limit* bytes of UTF-8.

    Raises:
        ValueError: It is longer; the message names the field.
    """
    if value is not None and len(value) * 4 > limit and len(value.encode()) > limit:
        raise ValueError(f"`{name}` is longer than {limit} bytes")


def check_times(start_s: float | None, end_s: float | None) -> None:
    """Refuse an end before its start.

    Raises:
        ValueError: *end_s* is before *start_s*.
    """
    if start_s is not None and end_s is not None and end_s < start_s:
        raise ValueError("`end_s` is before `start_s`")
