"""What a provider declares, and how one message of its becomes segments."""

from collections.abc import Callable
from typing import Any, Generic, Literal, TypeVar

import msgspec
from msgspec import Struct

from schemas.segment import CaptionSegment, Mode

M = TypeVar("M")

Unit = Literal[
    "seconds",
    "decimal strings",
    "milliseconds",
    "epoch milliseconds",
    "100 ns ticks",
    "Duration strings",
    "clock strings",
]

Segments = tuple[CaptionSegment, ...]


class AdapterError(ValueError):
    """A message that is not of its provider; one line, *reason* in one word."""

    def __init__(self, error: str, reason: str = "invalid") -> None:
        super().__init__(" ".join(error.split()))
        self.reason = reason


class Provider(Struct, Generic[M], frozen=True, kw_only=True):
    """One provider: what it is called, what its messages mean, how they are read."""

    name: str
    """As ``--provider``, the Kafka topic and the segments have it."""
    title: str
    units: tuple[Unit, ...]
    """How it writes times."""
    semantics: Mode
    """What its texts are: a stretch anew, what follows, or all of a turn."""
    maps: str
    """What of its messages becomes what of a segment; for the README."""
    unknown: str
    """What cannot be known from its messages; for the README."""
    memory: type[M]
    """What has to be remembered of a stream between two messages: small, frozen."""
    read: Callable[[M, bytes, str], tuple[M, Segments]]
    """Memory, message and stream id to the new memory and the segments."""
    plain_lines: bool = False
    """Its logs hold lines that are no JSON."""

    def adapt(
        self, memory: M | None, message: bytes, stream_id: str
    ) -> tuple[M, Segments]:
        """Read one message; a kind that is not known says nothing.

        Args:
            memory: What the stream's message before this one left; None at its start.
            message: As the provider sent it.
            stream_id: Whose message it is; providers do not know our streams.

        Returns:
            What to remember, and no, one or several segments in the order of speech.

        Raises:
            AdapterError: It is not JSON, or a field that the provider documents has
                another type, or breaks a bound of `CaptionSegment`.
        """
        try:
            return self.read(memory or self.memory(), message, stream_id)
        except msgspec.ValidationError as error:
            raise AdapterError(f"not a message of {self.title}: {error}") from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise AdapterError(f"not JSON: {error}", "not_json") from error


def kind_of(message: bytes, field: str = "type") -> str | None:
    """Return what a message calls itself; None where it does not, in words.

    Raises:
        msgspec.DecodeError: It is not JSON.
    """
    value: Any = msgspec.json.decode(message, type=dict[str, msgspec.Raw])
    raw = value.get(field)
    if raw is None:
        return None
    kind = msgspec.json.decode(raw)
    return kind if isinstance(kind, str) else None
