"""whisper_streaming and SimulStreaming: text that is committed, and grows.

A plain line is ``emission_ms beg_ms end_ms text``; the server leaves the first number
out, which is known by its fraction. Text that begins with a space is a new word, other
text joins on to the line before: the spaces are part of the message. Newer
SimulStreaming writes JSON lines, whose ``is_final`` tells the end of a voice, not of a
text.
"""

import re
from typing import Any

import msgspec
from msgspec import Struct

from workers.adapters.providers.growing import Growing, finished, grown
from workers.adapters.providers.provider import AdapterError, Provider, Segments
from workers.adapters.providers.sessions import Sessions, heard
from workers.adapters.providers.speech import Piece
from workers.adapters.providers.units import from_ms

NAME = "whisper-streaming"

_LINE = re.compile(
    r"(?:\d{1,12}\.\d{1,6} )?"
    r"(?P<beg>\d{1,10}(?:\.\d{1,6})?) (?P<end>\d{1,10}(?:\.\d{1,6})?)"
    r"(?: (?P<text>.*))?",
    re.DOTALL,
)


class Memory(Struct, frozen=True, omit_defaults=True):
    """What has grown so far, and the sessions."""

    sessions: Sessions = Sessions()
    growing: Growing = Growing()


class _Word(Struct):
    text: str = ""
    start: float | None = None
    end: float | None = None


class _Commit(Struct):
    text: str = ""
    start: float | None = None
    end: float | None = None
    words: list[_Word] = []
    is_final: bool = False


_commit = msgspec.json.Decoder(_Commit).decode


def read(memory: Memory, message: bytes, stream_id: str) -> tuple[Memory, Segments]:
    """Read one line."""
    commit = _commit(message) if message.lstrip()[:1] == b"{" else _line(message)
    epoch = memory.sessions.epoch
    sessions = heard(memory.sessions, commit.end)
    growing = memory.growing
    segments: Segments = ()
    fields: dict[str, Any] = {"stream_id": stream_id, "provider": NAME}
    if sessions.epoch != epoch:
        segments = finished(growing, epoch=epoch, **fields)
        growing = Growing()
    growing, now = grown(
        growing, _pieces(commit), ended=commit.is_final, epoch=sessions.epoch, **fields
    )
    return Memory(sessions, growing), segments + now


def _pieces(commit: _Commit) -> list[Piece]:
    if commit.words and "".join(one.text for one in commit.words) == commit.text:
        return [Piece(one.text, one.start, one.end) for one in commit.words]
    return [Piece(commit.text, commit.start, commit.end)] if commit.text else []


def _line(message: bytes) -> _Commit:
    found = _LINE.fullmatch(message.decode().rstrip("\r\n"))
    if found is None:
        raise AdapterError(
            f"not a line of {NAME}: should be its milliseconds, then the text"
        )
    return _Commit(
        text=found["text"] or "",
        start=from_ms(float(found["beg"])),
        end=from_ms(float(found["end"])),
    )


PROVIDER = Provider(
    name=NAME,
    title="whisper_streaming, SimulStreaming",
    units=("milliseconds", "seconds"),
    semantics="append",
    maps="committed text to segments that grow, with its spaces, and end with their "
    "sentence; words with times where given (JSON lines), else those of the line "
    "shared out; the end of a voice to the end of an utterance; times that fall back "
    "to `epoch`",
    unknown="guesses (it sends none); speakers; confidence; the end of an utterance, "
    "in plain lines; where words end, with a backend that writes no spaces before "
    "them (whisper_timestamped)",
    memory=Memory,
    read=read,
    plain_lines=True,
)
