"""Recordings as files: JSON lines made from a talk, and the truth about it."""

from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from schemas.segment import CaptionSegment
from workers.recordings.recogniser import recognise
from workers.recordings.talk import Talk, TopicStart, parse

TALK_SUFFIX = ".talk.txt"

_DEFAULTS = {
    field.encode_name: field.default for field in msgspec.structs.fields(CaptionSegment)
}


class Truth(Struct, frozen=True, kw_only=True):
    """What a test may hold against the worker's output."""

    sentence_words: tuple[int, ...]
    """Words of each sentence, in order."""
    topics: tuple[TopicStart, ...]
    end_s: float
    """End of the last word."""


def demo_recording() -> Path:
    """Return the recording that ``caption-worker demo`` plays."""
    return Path(__file__).parent / "island.jsonl"


def read_talk(talk_path: Path) -> Talk:
    """Read and speak a talk file.

    Raises:
        BadTalkError: It has a line of no known form.
        OSError: It cannot be read.
    """
    return parse(talk_path.read_text(encoding="utf-8"))


def truth(talk_path: Path) -> Truth:
    """Tell where the topics of a talk are; raises as `read_talk` does."""
    talk = read_talk(talk_path)
    return Truth(
        sentence_words=tuple(len(sentence.words) for sentence in talk.sentences),
        topics=talk.topics,
        end_s=talk.sentences[-1].words[-1].end_s,
    )


def recording_of(talk_path: Path) -> Path:
    """Return where the recording of a talk file stands: beside it."""
    return talk_path.with_name(f"{_name(talk_path)}.jsonl")


def record(talk_path: Path) -> bytes:
    """Make the recording of a talk: one ``CaptionSegment`` a line, in order of sending.

    Fields at their default are left out. Raises as `read_talk` does.
    """
    sent = recognise(read_talk(talk_path), stream_id=_name(talk_path))
    return b"".join(_line(message.segment) for message in sent)


def _name(talk_path: Path) -> str:
    return talk_path.name.removesuffix(TALK_SUFFIX)


def _line(segment: CaptionSegment) -> bytes:
    fields: dict[str, Any] = msgspec.to_builtins(segment)
    short = {
        name: value
        for name, value in fields.items()
        if name not in _DEFAULTS or value != _DEFAULTS[name]
    }
    return msgspec.json.encode(short) + b"\n"
