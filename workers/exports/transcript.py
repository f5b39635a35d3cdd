"""Final captions as text to read: paragraphs by speaker, under their topics."""

import unicodedata
from collections.abc import Iterable, Sequence

from schemas.captions import Caption
from schemas.fields import Message
from schemas.topics import Topic
from workers.exports.latest import captions, topics
from workers.exports.one_line import one_line

PAUSE_S = 4.0
"""A silence this long begins a paragraph: readers feel it as one."""
LONGEST = 900
"""Code points after which the next caption begins a paragraph."""


def transcript(messages: Iterable[Message]) -> str:
    """Write what was said, each paragraph with the time it begins at.

    A topic's heading stands before its first caption: ``== 00:04:12 Solar panels ==``,
    or ``Topic 2`` while it has no name. Where a caption has no time, none is written.

    Args:
        messages: Of one stream; cues and captions that are not final are ignored.

    Raises:
        ExportError: They are of several streams.
    """
    kept = list(messages)
    standing = captions(kept)
    headings = _headings(standing, topics(kept))
    written: list[str] = []
    paragraph: list[Caption] = []
    for place, caption in enumerate(standing):
        heading = headings.get(place)
        if paragraph and (heading or _parts(paragraph, caption)):
            written.append(_paragraph(paragraph))
            paragraph = []
        if heading:
            written.append(heading)
        paragraph.append(caption)
    if paragraph:
        written.append(_paragraph(paragraph))
    return "".join(f"{part}\n\n" for part in written).removesuffix("\n")


def _headings(standing: Sequence[Caption], begun: Sequence[Topic]) -> dict[int, str]:
    """Return each topic's heading by the place of its first caption.

    A topic whose first caption was withdrawn begins at the next one after its start;
    of two that begin at one place, the later one holds.
    """
    places = {caption.caption_id: place for place, caption in enumerate(standing)}
    found: dict[int, Topic] = {}
    for topic in begun:
        place = places.get(topic.first_caption_id)
        if place is None:
            place = _first_from(standing, topic.start_s)
        if place is not None:
            found[place] = topic
    return {
        place: _heading(number, found[place], standing[place])
        for number, place in enumerate(sorted(found), start=1)
    }


def _first_from(standing: Sequence[Caption], start_s: float | None) -> int | None:
    if start_s is None:
        return None
    return next(
        (
            place
            for place, caption in enumerate(standing)
            if caption.start_s is not None and caption.start_s >= start_s
        ),
        None,
    )


def _heading(number: int, topic: Topic, first: Caption) -> str:
    start_s = first.start_s if topic.start_s is None else topic.start_s
    label = one_line(topic.label or "") or f"Topic {number}"
    return f"== {_clock(start_s)}{label} =="


def _parts(paragraph: Sequence[Caption], caption: Caption) -> bool:
    """Tell whether a caption begins a paragraph of its own."""
    last = paragraph[-1]
    if (caption.speaker, caption.channel) != (last.speaker, last.channel):
        return True
    if sum(len(part.text) for part in paragraph) >= LONGEST:
        return True
    if caption.start_s is None or last.end_s is None:
        return False
    return caption.start_s - last.end_s >= PAUSE_S


def _paragraph(paragraph: Sequence[Caption]) -> str:
    first = paragraph[0]
    name = first.speaker or first.channel
    clock = _clock(first.start_s).strip()
    begin = [f"[{clock}]"] if clock else []
    begin += [f"{one_line(name)}:"] if name else []
    return " ".join([*begin, _joined(one_line(part.text) for part in paragraph)])


def _joined(texts: Iterable[str]) -> str:
    """Join sentences: with a space, but not where the script has none."""
    joined = ""
    for text in texts:
        space = joined and not (_unspaced(joined[-1:]) and _unspaced(text[:1]))
        joined += f" {text}" if space else text
    return joined


def _unspaced(letter: str) -> bool:
    """Tell wide letters, as of Chinese and Japanese; Korean has spaces."""
    wide = unicodedata.east_asian_width(letter or " ") in "WF"
    return wide and not unicodedata.name(letter, "").startswith("HANGUL")


def _clock(at_s: float | None) -> str:
    """Write a time as ``01:02:03`` and a space, or nothing."""
    if at_s is None:
        return ""
    minutes, whole = divmod(int(at_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{whole:02d} "
