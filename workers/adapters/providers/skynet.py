"""Jitsi Skynet: phrases of each participant, with one moment each, in epoch ms.

A guess has the moment of its sending, a final that of the beginning of its phrase; the
end of a phrase is the moment of its last guess. Media time counts from the first
message. Participants may share the name of a phrase (all have the same one at their
first), and a first final may be dated at the start of the server: so a phrase goes by
participant and name, and no phrase is longer than the window of the model.
"""

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from workers.adapters.providers.provider import AdapterError, Provider, Segments
from workers.adapters.providers.speech import said

NAME = "skynet"
MOST_PHRASES = 48
"""People who speak at once; the one heard least lately is forgotten."""
LONGEST_NAME = 128
WINDOW_MS = 30_000
"""Whisper hears 30 s at a time."""


class Phrase(Struct, frozen=True, array_like=True):
    """A phrase that is guessed at."""

    participant: str
    name: str
    first_ms: int
    last_ms: int


class Memory(Struct, frozen=True, omit_defaults=True):
    """The moment of media second 0, and the phrases that are open."""

    zero_ms: int | None = None
    phrases: tuple[Phrase, ...] = ()


class _Message(Struct):
    text: str
    ts: int
    id: str
    participant_id: str
    type: str = ""


class _Kind(Struct):
    type: str | None = None


_kind = msgspec.json.Decoder(_Kind).decode
_message = msgspec.json.Decoder(_Message).decode


def read(memory: Memory, message: bytes, stream_id: str) -> tuple[Memory, Segments]:
    """Read one message."""
    if _kind(message).type not in ("interim", "final"):
        return memory, ()
    told = _message(message)
    if not 0 <= told.ts <= 2**53:
        raise AdapterError("`ts` is not in milliseconds since 1970")
    zero_ms = told.ts if memory.zero_ms is None else memory.zero_ms
    participant = told.participant_id[:LONGEST_NAME]
    own = next((one for one in memory.phrases if one.participant == participant), None)
    if own is None or own.name != told.id[:LONGEST_NAME]:
        own = Phrase(participant, told.id[:LONGEST_NAME], told.ts, told.ts)
    rest = tuple(one for one in memory.phrases if one.participant != participant)
    if told.type == "final":
        start_ms = max(told.ts, own.last_ms - WINDOW_MS)
        phrases = rest
    else:
        own = replace(own, last_ms=max(own.last_ms, told.ts))
        start_ms = own.first_ms
        phrases = (*rest, own)[-MOST_PHRASES:]
    memory = Memory(zero_ms, phrases)
    if not told.text.strip() and told.type == "interim":
        return memory, ()
    start_s = max(0, start_ms - zero_ms) / 1000
    return memory, said(
        told.text,
        stream_id=stream_id,
        provider=NAME,
        is_final=told.type == "final",
        start_s=start_s,
        end_s=max(start_s, (own.last_ms - zero_ms) / 1000),
        segment_id=f"{participant}:{own.name}"[:256],
        channel=participant or None,
        speaker=participant or None,
    )


PROVIDER = Provider(
    name=NAME,
    title="Jitsi Skynet",
    units=("epoch milliseconds",),
    semantics="replace",
    maps="`participant_id` to channel and speaker; it and `id` to `segment_id`; `ts` "
    "to times from the first message on: the start of a final, the end of a guess",
    unknown="where a guess began, before its final; the end of a phrase that was never "
    "guessed at; words and their times; stability (`variance` is 0.5 or 1); language",
    memory=Memory,
    read=read,
)
