"""A recording from a file: its format found out, its segments read, errors in a line.

The content decides what a file is, since names lie; the name helps to say what is
wrong with it.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from workers.adapters import (
    cue_files,
    json_lines,
    provider_log,
    subtitles,
    ttml,
    whisper_json,
    whisper_text,
)
from workers.adapters.providers.registry import PROVIDERS
from workers.adapters.timed import ReadError, Timed, lines, with_ends
from workers.adapters.whose import providers_of

Format = Literal[
    "whisper_text", "whisper_json", "srt", "vtt", "ttml", "json_lines", "provider_log"
]

CANONICAL = "canonical"
"""The provider of our own segments."""

MAX_BYTES = 256 * 1024 * 1024
"""A week of speech is about 10 MB; a file is read whole."""
KNOWN = (
    "Whisper text ([HH:MM:SS.mmm --> …] text), Whisper JSON, SRT, VTT, TTML, JSON "
    "lines of segments and logs of a provider"
)


SUFFIXES: dict[str, Format] = {
    ".json": "whisper_json",
    ".jsonl": "json_lines",
    ".ndjson": "json_lines",
    ".srt": "srt",
    ".ttml": "ttml",
    ".vtt": "vtt",
}
"""What a file should be by its name; asked last."""

_JSON = re.compile(r"\{|\[\s*\{")
_XML = re.compile(r"<[?!:A-Za-z_]")


class Recording(Struct, frozen=True):
    """What a file holds, in the order of sending; each stream has its end."""

    format: Format
    segments: tuple[Timed, ...]


class RecordingError(Exception):
    """A file that cannot be used: one line with what is wrong and what to do."""


def open_recording(
    path: Path, *, stream_id: str | None = None, provider: str | None = None
) -> Recording:
    """Read a file.

    Args:
        path: A file of a format listed in ``KNOWN``, UTF-8, at most ``MAX_BYTES``.
        stream_id: The stream its segments belong to. Else the name of the file
            without its ending; JSON lines of segments name their own streams.
        provider: Whose messages the lines of a log are: one of the registry, or
            ``canonical`` for our own segments; only for logs.

    Raises:
        RecordingError: It cannot be used; no other exception leaves here.
    """
    try:
        text = _text(path)
        form = _format(text, path.suffix.lower(), _known(provider))
        timed = _spoken(_read(text, form, path, stream_id, provider), text, provider)
    except ReadError as error:
        raise RecordingError(_one_line(f"{path}: {error}")) from error
    return Recording(form, tuple(with_ends(timed)))


def _spoken(timed: list[Timed], text: str, provider: str | None) -> list[Timed]:
    """Refuse what has no speech: as another provider's log it may have some."""
    if timed:
        return timed
    others = providers_of(text) if provider in PROVIDERS else ()
    if others:
        raise ReadError(
            f"nobody speaks in it as messages of {provider}; as those of "
            f"{' or '.join(others)} somebody does: give that provider"
        )
    raise ReadError("nobody speaks in it; give a recording with speech")


def _text(path: Path) -> str:
    if "\0" in str(path):
        raise ReadError("no file has such a name; check the path")
    try:
        if path.is_dir():
            raise ReadError("this is a folder; give one file in it")
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise ReadError(f"cannot be read: {reason}; check path and rights") from error
    if len(content) > MAX_BYTES:
        raise ReadError(f"more than {MAX_BYTES} bytes; cut it into parts")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ReadError(
            f"byte {error.start} is not UTF-8; save the file as UTF-8"
        ) from error
    if not text.strip():
        raise ReadError("the file is empty; give a recording with speech")
    return text


def _known(provider: str | None) -> str | None:
    if provider is None or provider == CANONICAL or provider in PROVIDERS:
        return provider
    known = ", ".join((CANONICAL, *sorted(PROVIDERS)))
    raise ReadError(f"provider {provider!r} is not known; known: {known}")


def _format(text: str, suffix: str, provider: str | None) -> Format:
    """Tell what a text is: a log if there is a provider, but for other files."""
    adapted = PROVIDERS.get(provider or "")
    if adapted and (adapted.plain_lines or _JSON.match(text.lstrip())):
        return "provider_log"
    form = _by_content(text, suffix)
    if provider is not None and form != "json_lines":
        raise ReadError(f"this is {form}, not a provider's log; leave out the provider")
    return form


def _by_content(text: str, suffix: str) -> Format:
    """Tell what a text is by what stands in it, else by what it is called."""
    begin = text.lstrip()
    if begin.startswith("WEBVTT"):
        return "vtt"
    if _JSON.match(begin):
        return _json_format(text)
    if _XML.match(begin) and ttml.NAMESPACE in text:
        return "ttml"
    for line in lines(text):
        if whisper_text.LINE.fullmatch(line):
            return "whisper_text"
        if cue_files.TIMES.fullmatch(line):
            return "srt"
    if suffix in SUFFIXES:
        return SUFFIXES[suffix]
    raise ReadError(f"its format is not known; known are {KNOWN}")


def _json_format(text: str) -> Format:
    """Tell one JSON value, over any number of lines, from a value a line."""
    try:
        value = whisper_json.parse(text)
    except ReadError:
        first = next(line for line in lines(text) if line.strip())
        # A Whisper file written over many lines begins with a brace alone.
        return "json_lines" if first.strip().endswith("}") else "whisper_json"
    if whisper_json.is_whisper(value):
        return "whisper_json"
    if len(lines(text.strip())) > 1:  # no line of it is a value
        raise ReadError(f"its format is not known; known are {KNOWN}")
    return "json_lines"


def _read(
    text: str, form: Format, path: Path, stream_id: str | None, provider: str | None
) -> list[Timed]:
    if form == "json_lines":
        timed = _own_segments(text)
        return timed if stream_id is None else list(_renamed(timed, stream_id))
    # A name that is not UTF-8 has halves of characters in it.
    name = stream_id or path.stem.encode(errors="replace").decode()
    if form == "provider_log" and provider is not None:
        return provider_log.read(text, PROVIDERS[provider], name)
    if form == "whisper_json":
        return whisper_json.read(whisper_json.parse(text), name)
    if form == "whisper_text":
        return whisper_text.read(text, name)
    if form == "ttml":
        return ttml.read(text, name)
    return subtitles.read(text, name, "vtt" if form == "vtt" else "srt")


def _own_segments(text: str) -> list[Timed]:
    """Read our own segments; a provider's log that nobody called one is told."""
    try:
        return json_lines.read(text)
    except ReadError as error:
        begin = next((one for one in lines(text) if one.strip()), "")
        whose = () if '"stream_id"' in begin else providers_of(text)
        if not whose:
            raise
        raise ReadError(
            f"{error}; if it is the log of {' or '.join(whose)}, give that provider"
        ) from error


def _renamed(timed: list[Timed], stream_id: str) -> Iterator[Timed]:
    """Move a recording to another stream; two streams would become one."""
    streams = {one.segment.stream_id for one in timed}
    if len(streams) > 1:
        raise ReadError(
            f"it has {len(streams)} streams, which cannot become one; "
            "leave out the stream id"
        )
    for at_s, segment in timed:
        yield Timed(at_s, replace(segment, stream_id=stream_id))


def _one_line(text: str) -> str:
    """Escape what could end the line or steer a terminal."""
    return "".join(
        character
        if character.isprintable()
        else character.encode("unicode_escape").decode()
        for character in text
    )
