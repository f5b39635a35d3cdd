"""Talk with its true changes of topic, read from sets: one JSON line a talk.

A line has ``id``, ``utterances`` (each with ``text`` and maybe ``speaker``, ``start``
and ``end`` in seconds) and ``boundaries``, the indices of the utterances that begin a
new topic, 0 not among them. It may have ``source``, the name of its set (else that of
the file), ``language``, such as ``fr``, and ``titles``, one text for each topic, null
where it has none; titles of another shape are passed over, as are all other fields. A
talk of our own (``.talk.txt``) is a set of one kind of talk.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from workers.adapters.recording import RecordingError
from workers.recordings.files import TALK_SUFFIX, read_talk
from workers.recordings.talk import Sentence

OWN_SETS = Path(__file__).parent / "sets"
"""Small sets of ours, that ``bench topics`` takes where none are given."""

_NAME = re.compile(r"[^\W_]+")


class Utterance(Struct, frozen=True):
    """A sentence, or what a recogniser took for one."""

    text: str
    speaker: str | int | None = None
    start: float | None = None
    end: float | None = None


class TrueTalk(Struct, frozen=True, kw_only=True):
    """A talk whose topics people have marked."""

    id: str | int
    utterances: tuple[Utterance, ...]
    boundaries: tuple[int, ...]
    source: str = ""
    language: str | None = None
    titles: tuple[str | None, ...] | None = None

    @property
    def segments(self) -> list[tuple[int, int]]:
        """First utterance of each topic, and the one after its last."""
        edges = [0, *self.boundaries, len(self.utterances)]
        return list(pairwise(edges))


class _Line(Struct, frozen=True, kw_only=True):
    """A talk as it stands in a file."""

    id: str | int
    utterances: tuple[Utterance, ...]
    boundaries: tuple[int, ...]
    source: str = ""
    language: str | None = None
    titles: Any = None


class BadSetError(RecordingError):
    """A set that cannot be used: which line, and why."""


def read_sets(paths: Sequence[Path]) -> dict[str, list[TrueTalk]]:
    """Read sets by name, in the order of their names.

    Args:
        paths: Files, or folders all of whose sets are read.

    Raises:
        BadSetError: There is none, or a line is not as above.
        OSError: A file cannot be read.
    """
    sets: dict[str, list[TrueTalk]] = {}
    for path in _files(paths):
        for talk in _read(path):
            sets.setdefault(talk.source, []).append(talk)
    if not sets:
        named = ", ".join(map(str, paths))
        raise BadSetError(f"no talk with topics (.jsonl, {TALK_SUFFIX}) in {named}")
    return dict(sorted(sets.items()))


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            found = [*path.rglob("*.jsonl"), *path.rglob(f"*{TALK_SUFFIX}")]
            yield from sorted(found)
        else:
            yield path


def _read(path: Path) -> Iterator[TrueTalk]:
    if path.name.endswith(TALK_SUFFIX):
        yield _own(path)
        return
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        try:
            read = msgspec.json.decode(line, type=_Line)
        except msgspec.DecodeError as error:
            raise BadSetError(f"{path}, line {number}: {error}") from error
        problem = _problem(read)
        if problem:
            raise BadSetError(f"{path}, line {number}: {problem}")
        yield TrueTalk(
            id=read.id,
            source=read.source or path.stem,
            utterances=read.utterances,
            boundaries=read.boundaries,
            language=read.language,
            titles=_titles(read),
        )


def _titles(read: _Line) -> tuple[str | None, ...] | None:
    titles = read.titles
    if not isinstance(titles, list) or len(titles) != len(read.boundaries) + 1:
        return None
    return tuple(one if isinstance(one, str) else None for one in titles)


def _problem(talk: _Line) -> str | None:
    """Return what is wrong with a talk, if anything."""
    if not talk.utterances:
        return "nobody says anything"
    marks = talk.boundaries
    if list(marks) != sorted(set(marks)):
        return "`boundaries` are not in order"
    if marks and not (marks[0] > 0 and marks[-1] < len(talk.utterances)):
        return "`boundaries` lie outside the talk"
    return None


def _own(path: Path) -> TrueTalk:
    """Read a talk of ours; what its file is named first is the kind, and the set.

    A ``lecture`` is as a recogniser writes it that knows neither sentences nor
    speakers: lower case, no marks. The breaks between sentences stay.
    """
    talk = read_talk(path)
    found = _NAME.match(path.name)
    kind = found[0] if found else path.name
    plain = kind == "lecture"
    return TrueTalk(
        id=path.name.removesuffix(TALK_SUFFIX),
        source=kind,
        utterances=tuple(
            Utterance(
                _text(sentence, plain=plain),
                None if plain else sentence.speaker,
                sentence.words[0].start_s,
                sentence.words[-1].end_s,
            )
            for sentence in talk.sentences
        ),
        boundaries=tuple(topic.sentence for topic in talk.topics if topic.sentence),
        titles=tuple(topic.title for topic in talk.topics),
    )


def _text(sentence: Sentence, *, plain: bool) -> str:
    text = " ".join(word.text for word in sentence.words)
    if plain:
        text = " ".join(re.sub(r"[^\w\s']", " ", text).lower().split())
    return text
