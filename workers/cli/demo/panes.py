"""The parts of the picture: captions, the cue on the screen, topics.

Each gives exactly so many lines of exactly so many columns, whatever is in it.
"""

from collections.abc import Iterator, Sequence
from io import StringIO

from rich.console import Console
from rich.text import Text

from schemas.captions import Cue
from schemas.topics import Topic
from workers.cli.demo.scene import Line, Scene, TopicLine
from workers.cli.demo.words import clock, printable, speaker

SPEAKERS = ("bright_cyan", "bright_yellow", "bright_green", "bright_magenta")
TOPICS = ("cyan", "yellow", "green", "magenta", "blue", "bright_red")
GROWING = "bright_white"
UNSURE = "dim italic"
FLAGGED = "bright_red"
REVISED = "bold black on bright_yellow"
QUIET = "dim"
CUE = "bold bright_white on grey15"
STAMP = 6
"""Columns of a time and the space after it."""

_RULER = Console(file=StringIO(), width=1000, color_system=None)
"""Wraps text; writes nothing."""


def captions_pane(scene: Scene, width: int, height: int) -> list[Text]:
    """Show the newest captions, the last at the bottom, each whole."""
    colours = colours_of(scene)
    rows: list[Text] = []
    for line in reversed(scene.captions):
        block = list(_caption(line, colours, width))
        if rows and len(rows) + len(block) > height:
            break
        rows = [*block, *rows]
    return fitted(rows[-height:], width, height, at_bottom=True)


def cue_pane(cue: Cue | None, width: int, height: int) -> list[Text]:
    """Show a cue in the middle, as it stands on a viewer's screen."""
    lines = [] if cue is None else [Text(printable(line)) for line in cue.lines]
    widest = max((line.cell_len for line in lines), default=0)
    rows = []
    for line in lines[:height]:
        beside = " " * ((widest - line.cell_len) // 2 + 1)
        box = Text.assemble(beside, line, style=CUE)
        box.pad_right(widest + 2 - box.cell_len)
        rows.append(Text.assemble(" " * max(0, (width - widest - 2) // 2), box))
    return fitted(rows, width, height, at_bottom=True)


def topics_pane(scene: Scene, width: int, height: int) -> list[Text]:
    """List the topics, the newest at the bottom, with what they are about.

    Where there is no room for that, only the newest says it.
    """
    standing = [line for line in scene.topics if not line.withdrawn]
    for telling in (standing, standing[-1:]):
        blocks = list(_topics(scene, telling, width))
        if sum(map(len, blocks)) <= height:
            break
    while len(blocks) > 1 and sum(map(len, blocks)) > height:
        blocks.pop(0)  # whole: a second line alone would seem to be a topic
    return fitted([row for block in blocks for row in block], width, height)


def _topics(
    scene: Scene, telling: Sequence[TopicLine], width: int
) -> Iterator[list[Text]]:
    """Yield the lines of each topic."""
    colours = {topic.topic_id: colour for topic, colour in topic_colours(scene)}
    for line in scene.topics:
        block = list(_topic(line, colours.get(line.topic.topic_id, QUIET), width))
        if line in telling and line.topic.keyphrases:
            about = Text(", ".join(map(printable, line.topic.keyphrases)), style=QUIET)
            block += _indented(Text(" " * (STAMP + 2)), about, width)
        yield block


def colours_of(scene: Scene) -> dict[str, str]:
    """Give each speaker a colour, in the order of appearance."""
    return {
        name: SPEAKERS[number % len(SPEAKERS)]
        for number, name in enumerate(scene.speakers)
    }


def topic_colours(scene: Scene) -> list[tuple[Topic, str]]:
    """Give each topic that stands a colour, in the order of their start."""
    standing = [line.topic for line in scene.topics if not line.withdrawn]
    return [
        (topic, TOPICS[number % len(TOPICS)]) for number, topic in enumerate(standing)
    ]


def fitted(
    rows: Sequence[Text], width: int, height: int, *, at_bottom: bool = False
) -> list[Text]:
    """Make so many lines of so many columns of them."""
    for row in rows:
        row.truncate(width, overflow="ellipsis", pad=True)
        row.no_wrap, row.overflow = True, "ignore"  # it has its width: leave it alone
    blank = [Text(" " * width) for _ in range(height - len(rows))]
    shown = list(rows[:height])
    return [*blank, *shown] if at_bottom else [*shown, *blank]


def _caption(line: Line, colours: dict[str, str], width: int) -> Iterator[Text]:
    caption = line.caption
    who = speaker(caption)
    head = Text(f"{clock(caption.start_s):<{STAMP - 1}} ", style=QUIET)
    body = Text()
    if who:
        body.append(f"{who}  ", style=f"bold {colours.get(who, SPEAKERS[0])}")
    body.append_text(_spoken(line))
    if line.gone:
        body.append(f"  ✎ was “{printable(line.gone)}”", style="bright_yellow")
    for flag in caption.flags:
        body.append(f"  ⚑ {printable(flag.name)}", style=FLAGGED)
    if caption.uncertain:
        body.append("  ? unsure", style=FLAGGED)
    if caption.late:
        body.append("  ↩ late", style=FLAGGED)
    return _indented(head, body, width)


def _spoken(line: Line) -> Text:
    """Colour the words by how certain they are."""
    text = Text(printable(line.caption.text))
    if line.withdrawn:
        text.stylize("strike dim")
    elif not line.final:
        text.stylize(GROWING, 0, line.caption.stable)
        text.stylize(UNSURE, line.caption.stable)
    for start, end in line.changed:
        text.stylize(REVISED, start, end)
    return text


def _topic(line: TopicLine, colour: str, width: int) -> Iterator[Text]:
    topic = line.topic
    head = Text(f"{clock(topic.start_s):<{STAMP - 1}} ", style=QUIET)
    label = printable(topic.label or "a new topic")
    if line.withdrawn:
        body = Text(f"✗ {label}", style="dim strike")
    elif line.confirmed:
        body = Text("● ", style=colour).append(label, style="default")
    else:
        body = Text("○ ", style=colour).append(f"{label}?", style="italic dim")
    if topic.returns_to is not None:
        body.append(" ↺", style=QUIET)
    return _indented(head, body, width)


def _indented(head: Text, body: Text, width: int) -> Iterator[Text]:
    """Wrap *body* beside *head*, each further line as far in as the first."""
    indent = head.cell_len
    for number, part in enumerate(body.wrap(_RULER, max(1, width - indent))):
        yield Text.assemble(head if number == 0 else " " * indent, part)
