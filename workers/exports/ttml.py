"""Cues to TTML: regions for where they stand, agents for who speaks.

pysubs2 writes TTML too, but without a region all text stands at the upper edge, and its
styles have ids that no reader may follow. Hence this is our own; pysubs2 reads it.
"""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from schemas.fields import Message
from workers.core.cues.profiles import WEB, Profile
from workers.exports.blocks import Block, Voice, blocks

_NAMESPACES = {
    "xmlns": "http://www.w3.org/ns/ttml",
    "xmlns:ttm": "http://www.w3.org/ns/ttml#metadata",
    "xmlns:ttp": "http://www.w3.org/ns/ttml#parameter",
    "xmlns:tts": "http://www.w3.org/ns/ttml#styling",
}


def ttml(messages: Iterable[Message], profile: Profile | None = None) -> str:
    """Write the cues that stand as TTML 1.

    Args:
        messages: Of one stream and one profile; what is no cue is ignored.
        profile: That of the cues: dashes, and where lines stand.

    Raises:
        ExportError: As in `blocks`.

    Source:
        Timed Text Markup Language 1 (TTML1), third edition, W3C 2018.
    """
    profile = profile or WEB
    shown = blocks(messages, profile)
    languages = {block.language for block in shown}
    language = languages.pop() if len(languages) == 1 else None
    speakers = {
        name: f"speaker{number}"
        for number, name in enumerate(
            dict.fromkeys(
                voice.speaker
                for block in shown
                for voice in block.voices
                if voice.speaker
            ),
            start=1,
        )
    }
    root = Element(
        "tt", {**_NAMESPACES, "ttp:timeBase": "media", "xml:lang": language or ""}
    )
    root.text = "\n"
    head = _head(speakers, profile)
    root.append(head)
    body = SubElement(root, "body")
    division = SubElement(body, "div")
    division.text = "\n"
    for block in shown:
        paragraph = _paragraph(block, speakers, profile)
        if language is None and block.language:
            paragraph.set("xml:lang", block.language)
        division.append(paragraph)
    text = tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _head(speakers: dict[str, str], profile: Profile) -> Element:
    head = Element("head")
    if speakers:
        metadata = SubElement(head, "metadata")
        for name, number in speakers.items():
            agent = SubElement(
                metadata, "ttm:agent", {"xml:id": number, "type": "person"}
            )
            SubElement(agent, "ttm:name", {"type": "full"}).text = name
    styling = SubElement(head, "styling")
    SubElement(
        styling,
        "style",
        {
            "xml:id": "text",
            "tts:color": "white",
            "tts:backgroundColor": "#000000CC",
            "tts:fontFamily": "sansSerif",
        },
    )
    layout = SubElement(head, "layout")
    SubElement(
        layout,
        "region",
        {
            "xml:id": profile.place,
            "tts:origin": "10% 5%",
            "tts:extent": "80% 90%",
            "tts:displayAlign": "before" if profile.place == "top" else "after",
            "tts:textAlign": profile.align,
        },
    )
    # Spaces inside the head mean nothing; inside a paragraph they would be text.
    indent(head)
    head.tail = "\n"
    return head


def _paragraph(block: Block, speakers: dict[str, str], profile: Profile) -> Element:
    paragraph = Element(
        "p",
        {
            "begin": _clock(block.start_ms),
            "end": _clock(block.end_ms),
            "region": profile.place,
            "style": "text",
        },
    )
    paragraph.tail = "\n"
    if len(block.voices) == 1:
        (voice,) = block.voices
        _say(paragraph, voice, speakers)
        return paragraph
    for place, voice in enumerate(block.voices):
        if place:
            SubElement(paragraph, "br")
        _say(SubElement(paragraph, "span"), voice, speakers)
    return paragraph


def _say(element: Element, voice: Voice, speakers: dict[str, str]) -> None:
    """Put lines into a paragraph or a span, with who says them."""
    if voice.speaker:
        element.set("ttm:agent", speakers[voice.speaker])
    element.text = voice.lines[0]
    for line in voice.lines[1:]:
        SubElement(element, "br").tail = line


def _clock(at_ms: int) -> str:
    """Write a time as ``01:02:03.456``."""
    minutes, ms = divmod(at_ms, 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{ms // 1000:02d}.{ms % 1000:03d}"
