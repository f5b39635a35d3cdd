"""Talk with its true changes of topic, read from sets: one JSON line a talk.

A line has ``id``, ``utterances`` (each with ``text`` and maybe ``speaker``, ``start``
and ``end`` in seconds) and ``boundaries``, the indices of the utterances that begin a
new topic, 0 not among them. It may have ``source``, the name of its set (else that of
the file), ``language``, such as ``fr``, ``titles``, one for each topic, and
``topic_ids``, the same for topics that are taken up again. A talk of our own
(``.talk.txt``) is a set of one kind of talk.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

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
    speaker: str | None = None
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
    topic_ids: tuple[str | int, ...] | None = None

    @property
    def segments(self) -> list[tuple[int, int]]:
        """First utterance of each topic, and the one after its last."""
        edges = [0, *self.boundaries, len(self.utterances)]
        return list(pairwise(edges))


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
            talk = msgspec.json.decode(line, type=TrueTalk)
        except msgspec.DecodeError as error:
            raise BadSetError(f"{path}, line {number}: {error}") from error
        problem = _problem(talk)
        if problem:
            raise BadSetError(f"{path}, line {number}: {problem}")
        yield msgspec.structs.replace(talk, source=talk.source or path.stem)


def _problem(talk: TrueTalk) -> str | None:
    """Return what is wrong with a talk, if anything."""
    if not talk.utterances:
        return "nobody says anything"
    marks = talk.boundaries
    if list(marks) != sorted(set(marks)):
        return "`boundaries` are not in order"
    if marks and not (marks[0] > 0 and marks[-1] < len(talk.utterances)):
        return "`boundaries` lie outside the talk"
    for name in ("titles", "topic_ids"):
        value = getattr(talk, name)
        if value is not None and len(value) != len(marks) + 1:
            return f"`{name}` are not one for each topic"
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
