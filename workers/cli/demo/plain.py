"""The demo where nobody watches a terminal: a line for each thing that stays."""

from collections.abc import Iterator

from schemas.captions import CaptionFinal, CaptionRevised
from schemas.fields import Message
from schemas.topics import Topic
from workers.cli.demo.scene import Line, Scene, TopicLine
from workers.cli.demo.words import clock, printable, speaker


def lines(before: Scene, after: Scene, message: Message) -> Iterator[str]:
    """Tell what a message brought that will stay: nothing of what still grows.

    Args:
        before: What was known without it.
        after: What is known with it.
        message: It.
    """
    match message:
        case CaptionFinal():
            line = after.line(message.caption_id)
            if line is not None:
                yield caption_line(line)
        case CaptionRevised(final=True):
            line = after.line(message.caption_id)
            if line is not None:
                yield f"     ~ {caption_line(line)}{_was(line)}"
        case Topic():
            topic = after.topic(message.topic_id)
            if topic is not None and _tellable(topic):
                known = before.topic(message.topic_id)
                if known is None or not _tellable(known):
                    yield topic_line(topic)


def caption_line(line: Line) -> str:
    """Write a caption, with its marks at the end."""
    caption = line.caption
    who = speaker(caption)
    marks = "".join(f"  [{flag.name}: {flag.evidence}]" for flag in caption.flags)
    spoken = f"{who}: {caption.text}" if who else caption.text
    return f"[{clock(caption.start_s)}] {printable(spoken + marks)}"


def topic_line(line: TopicLine) -> str:
    """Write where a topic begins and what it is about."""
    topic = line.topic
    return f"== [{clock(topic.start_s)}] Topic: {printable(topic.label or '')}"


def _was(line: Line) -> str:
    return f"  [was: {printable(line.gone)}]" if line.gone else ""


def _tellable(line: TopicLine) -> bool:
    """Say whether a topic is certain and has a name, so that it is told once."""
    return line.confirmed and bool(line.topic.label)
