"""Toy rules: they count what a key says, and tell when it has been silent."""

import os
import signal
import time
import zlib

import msgspec

from workers.delivery.exits import UnknownStateVersionError
from workers.delivery.records import Output, Record
from workers.delivery.rules import Decision, RefusedError

INPUTS = ("in", "aside")
"""What it reads; nothing comes by the second but what a test puts there."""
SILENCE_MS = 300
SILENCES = 3
"""After this many in a row the key ends."""


class Count(msgspec.Struct, frozen=True):
    """What is known of a key."""

    said: int
    crc: int
    silences: int
    deadline_ms: int


class Said(msgspec.Struct, frozen=True, tag="said"):
    said: int
    crc: int
    now_ms: int
    offset: int


class Silent(msgspec.Struct, frozen=True, tag="silent"):
    said: int
    silences: int
    now_ms: int


encode = msgspec.json.Encoder().encode


class ToyRules:
    """Rules that do what a record's value tells them to, for better or worse."""

    def __init__(
        self, output: str = "out", rejected: str = "rejected", version: int = 2
    ) -> None:
        self.state_version = version
        self.output = output
        self.rejected_topic = rejected

    def encode_state(self, state: Count) -> bytes:
        return encode(state)

    def decode_state(self, version: int, data: bytes) -> Count:
        if version not in (self.state_version - 1, self.state_version):
            raise UnknownStateVersionError(f"toy state has version {version}")
        return msgspec.json.decode(data, type=Count)

    def deadline_ms(self, state: Count) -> int | None:
        return state.deadline_ms

    def on_record(
        self, state: Count | None, record: Record, now_ms: int
    ) -> Decision[Count]:
        value = record.value or b""
        match value.split(b" ")[0]:
            case b"poison":
                raise ValueError("poison")
            case b"refuse":
                raise RefusedError("unwanted", "was asked to refuse")
            case b"big":
                return Decision(state, (Output(self.output, record.key, b"x" * 10**6),))
            case b"kill":
                os.kill(os.getpid(), signal.SIGSEGV)
            case b"slow":
                time.sleep(3)
            case b"ignore":
                return Decision(state)
            case b"stay":
                return Decision(Count(1, 0, 0, now_ms))
        if record.key is None:
            return Decision(None, (Output(self.output, None, b"keyless"),))
        before = state or Count(0, 0, 0, 0)
        after = Count(
            before.said + 1, zlib.crc32(value, before.crc), 0, now_ms + SILENCE_MS
        )
        said = Said(after.said, after.crc, now_ms, record.offset)
        return Decision(after, (Output(self.output, record.key, encode(said)),))

    def on_deadline(self, key: bytes, state: Count, now_ms: int) -> Decision[Count]:
        silences = state.silences + 1
        silent = Silent(state.said, silences, now_ms)
        after = Count(state.said, state.crc, silences, now_ms + SILENCE_MS)
        return Decision(
            None if silences == SILENCES else after,
            (Output(self.output, key, encode(silent)),),
        )

    def skip(self, record: Record) -> bool:
        return ("skip", b"1") in record.headers

    def rejected(self, record: Record, reason: str, error: str, now_ms: int) -> Output:
        headers = (
            ("reason", reason.encode()),
            ("error", error.encode()),
            ("topic", record.topic.encode()),
            ("offset", b"%d" % record.offset),
            ("time", b"%d" % now_ms),
        )
        return Output(
            self.rejected_topic, record.key, (record.value or b"")[:100], headers
        )
