"""Messages as server-sent events, made once for all clients."""

from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from schemas.captions import Caption
from schemas.codec import encode
from schemas.fields import Message


class Frame(Struct, frozen=True):
    """One event as it goes over the wire, and where it comes from."""

    topic: int
    """Its place in ``positions.READ``."""
    offset: int
    kind: str
    """The name of the message, or ``snapshot``."""
    data: bytes


def body(message: Message) -> bytes:
    """Return a message as compact JSON on one line, whoever wrote it to Kafka.

    The times of words stay there: they are most of a caption, and nobody who looks at a
    page needs them. So does what a mask hides, which is for other eyes.
    """
    if isinstance(message, Caption) and (message.words or message.unmasked_text):
        message = replace(message, words=None, unmasked_text=None)
    return encode(message)


def event(kind: str, data: bytes, event_id: str = "") -> bytes:
    """Return one event; *kind*, *data* and *event_id* have no line ends."""
    name = f"id: {event_id}\nevent: {kind}" if event_id else f"event: {kind}"
    return b"%b\ndata: %b\n\n" % (name.encode(), data)


def told(kind: str, event_id: str = "", **fields: Any) -> bytes:
    """Return an event of the view's own, such as ``snapshot`` or ``gap``."""
    return event(kind, msgspec.json.encode(fields), event_id)
