"""The picture of ``watch`` on a terminal: so many lines of so many columns."""

from rich.console import Group
from rich.text import Text

from workers.cli.demo.panes import QUIET, captions_pane, fitted, topics_pane
from workers.cli.demo.scene import Scene
from workers.cli.demo.words import plural, printable
from workers.cli.watch.streams import Seen, Streams

SMALLEST = 40
BETWEEN = " │ "
AROUND = 6
"""Lines that are neither captions nor topics."""
STATES = {
    "ok": "green",
    "delayed": "yellow",
    "incomplete": "bright_red",
    "uncertain": "magenta",
}
FAR_BEHIND = 1000


def picture(streams: Streams, width: int, height: int) -> Group:
    """Paint how it stands now."""
    across = max(width, SMALLEST)
    right = min(max(24, across * 3 // 10), across // 3, 44)
    left = across - right - len(BETWEEN)
    rows = max(1, height - AROUND)
    seen = streams.seen.get(streams.shown or "")
    scene = Scene(profile="") if seen is None else seen.scene
    body = [
        Text.assemble(one, (BETWEEN, QUIET), other)
        for one, other in zip(
            captions_pane(scene, left, rows),
            topics_pane(scene, right, rows),
            strict=True,
        )
    ]
    lines = [
        _title(streams, across),
        _quality(seen),
        _topic(seen),
        Text("─" * left + "─┬─" + "─" * right, style=QUIET),
        *body,
        Text("─" * left + "─┴─" + "─" * right, style=QUIET),
        _all(streams, across),
    ]
    return Group(*fitted(lines[:height], width, min(len(lines), height)))


def _title(streams: Streams, width: int) -> Text:
    name = printable(streams.shown or "waiting for a stream")
    lags = [
        Text.assemble(
            f"{agent} ",
            ("?", QUIET)
            if lag is None
            else (f"{lag:,}", "bright_red" if lag > FAR_BEHIND else "bright_green"),
        )
        for agent, lag in streams.lags.items()
    ]
    behind = Text("behind: ", style=QUIET)
    behind.append_text(Text(", ").join(lags) if lags else Text("?"))
    title = Text.assemble(("caption-worker", "bold"), "  ", (name, "bold bright_cyan"))
    return _sides(title, behind, width)


def _quality(seen: Seen | None) -> Text:
    if seen is None or (seen.state is None and not seen.ended):
        return Text("quality: told after ten seconds", style=QUIET)
    state = "ended" if seen.ended else seen.state or ""
    line = Text.assemble("quality: ", (f"● {state}", STATES.get(state, QUIET)))
    return line.append(f"  {printable(seen.reason)}") if seen.reason else line


def _topic(seen: Seen | None) -> Text:
    topic = None if seen is None else seen.topic
    if topic is None:
        return Text("topic:   none yet", style=QUIET)
    label = printable(topic.topic.label or "a new topic")
    line = Text.assemble("topic:   ", (label, "bold"))
    line.append("" if topic.confirmed else "?", style=QUIET)
    about = ", ".join(map(printable, topic.topic.keyphrases or ()))
    return line.append(f"  {about}", style=QUIET)


def _all(streams: Streams, width: int) -> Text:
    counts = streams.by_state()
    line = Text(plural(sum(counts.values()), "live stream"))
    for state, count in sorted(counts.items()):
        line.append(" · ", style=QUIET)
        line.append(f"{count} {state}", style=STATES.get(state, QUIET))
    if streams.rejected:
        line.append(f" · {streams.rejected:,} rejected", style="bright_red")
    return _sides(line, Text("Ctrl-C ends it", style=QUIET), width)


def _sides(left: Text, right: Text, width: int) -> Text:
    """Put one text to each side; the left gives way."""
    left.truncate(max(0, width - right.cell_len - 1), overflow="ellipsis", pad=True)
    return Text.assemble(left, " ", right)
