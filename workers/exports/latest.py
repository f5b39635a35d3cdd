"""What holds in the end: of each cue, caption and topic the newest revision."""

from collections.abc import Iterable
from typing import Protocol, TypeVar

from schemas.captions import (
    Caption,
    CaptionFinal,
    CaptionRevised,
    CaptionWithdrawn,
    Cue,
)
from schemas.fields import Message
from schemas.topics import EnrichedCaption, Topic, TopicWithdrawn


class ExportError(ValueError):
    """Messages that cannot become a file: which, and what to do."""


class _Revised(Protocol):
    @property
    def revision(self) -> int: ...


R = TypeVar("R", bound=_Revised)


def cues(messages: Iterable[Message]) -> list[Cue]:
    """Return the cues that stand, in time order.

    Raises:
        ExportError: They are of several streams or profiles, or one has no times.
    """
    newest: dict[str, Cue] = {}
    for cue in messages:
        if isinstance(cue, Cue):
            _keep(newest, cue.cue_id, cue)
    standing = [cue for cue in newest.values() if not cue.withdrawn and any(cue.lines)]
    _one("stream", {cue.stream_id for cue in standing})
    _one("profile", {cue.profile for cue in standing})
    for cue in standing:
        if cue.start_s is None or cue.end_s is None:
            raise ExportError(
                f"cue {cue.cue_id!r} has no times; a transcript needs none"
            )
    return sorted(standing, key=lambda cue: (cue.start_s, cue.end_s))


def captions(messages: Iterable[Message]) -> list[Caption]:
    """Return the final captions that stand, in the order they were begun.

    Enriched captions count their revisions for themselves, so they speak only for
    captions of which the messages have nothing else.

    Raises:
        ExportError: They are of several streams.
    """
    newest: dict[str, Caption | CaptionWithdrawn] = {}
    for message in messages:
        match message:
            case (
                EnrichedCaption()
                | CaptionFinal()
                | CaptionRevised(final=True)
                | CaptionWithdrawn()
            ):
                _keep(newest, message.caption_id, message)
            case _:
                pass
    standing = [
        caption
        for caption in newest.values()
        if isinstance(caption, Caption) and caption.text
    ]
    _one("stream", {caption.stream_id for caption in standing})
    return _by_time(standing)


def topics(messages: Iterable[Message]) -> list[Topic]:
    """Return the topics that stand, in the order they were begun."""
    newest: dict[str, Topic] = {}
    for topic in messages:
        if isinstance(topic, Topic):
            _keep(newest, topic.topic_id, topic)
    return [topic for topic in newest.values() if not isinstance(topic, TopicWithdrawn)]


def _keep(newest: dict[str, R], name: str, message: R) -> None:
    known = newest.get(name)
    if known is None or _rank(message) >= _rank(known):
        newest[name] = message


def _rank(message: _Revised) -> tuple[bool, int]:
    return not isinstance(message, EnrichedCaption), message.revision


def _one(what: str, names: set[str]) -> None:
    if len(names) > 1:
        listed = ", ".join(map(repr, sorted(names)))
        raise ExportError(f"more than one {what}: {listed}; export one of them")


def _by_time(standing: list[Caption]) -> list[Caption]:
    """Sort by start; a caption without one stays behind the caption before it."""
    at_s = 0.0
    keys: list[float] = []
    for caption in standing:
        at_s = at_s if caption.start_s is None else caption.start_s
        keys.append(at_s)
    order = sorted(range(len(standing)), key=keys.__getitem__)
    return [standing[n] for n in order]
