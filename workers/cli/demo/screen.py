"""The picture on a terminal, put together from its panes."""

from rich.console import Group
from rich.text import Text

from workers.cli.demo.latency import Spread
from workers.cli.demo.panes import (
    QUIET,
    captions_pane,
    cue_pane,
    fitted,
    topic_colours,
    topics_pane,
)
from workers.cli.demo.show import View
from workers.cli.demo.words import clock, plural, printable

SMALLEST = 40
"""Columns; of a narrower terminal the right side is cut off."""
CUE_LINES = 2
AROUND = 7 + CUE_LINES
"""Lines that are neither captions nor topics."""
BETWEEN = " │ "


def picture(view: View, width: int, height: int) -> Group:
    """Paint so many lines of so many columns."""
    across = max(width, SMALLEST)
    right = min(max(24, across * 3 // 10), across // 3, 44)
    left = across - right - len(BETWEEN)
    rows = max(1, height - AROUND)
    body = [
        Text.assemble(one, (BETWEEN, QUIET), other)
        for one, other in zip(
            captions_pane(view.scene, left, rows),
            topics_pane(view.scene, right, rows),
            strict=True,
        )
    ]
    cue = view.scene.cue_at(view.media_s)
    lines = [
        _title(view, across),
        _timeline(view, across),
        _rule(across, "captions", left + 1, "┬", "topics"),
        *body,
        _rule(across, f"cue on screen ({view.scene.profile})", left + 1, "┴"),
        *cue_pane(cue, across, CUE_LINES),
        _rule(across),
        _counts(view),
        _sides(_latency(view), Text("Ctrl-C ends it", style=QUIET), across),
    ]
    return Group(*fitted(lines[:height], width, min(len(lines), height)))


def _title(view: View, width: int) -> Text:
    title = Text.assemble(("caption-worker", "bold"), "  ", printable(view.title))
    speed = f"×{view.speed:g}" if view.speed else "at once"
    place = Text.assemble(
        (speed, "bold bright_cyan"),
        f"  {clock(view.media_s)} ",
        (f"/ {clock(view.end_s)}", QUIET),
    )
    return _sides(title, place, width)


def _timeline(view: View, width: int) -> Text:
    """Draw how far it has come, each topic in its colour."""
    per_column_s = max(view.end_s, 1.0) / width
    played = min(width, round(view.media_s / per_column_s))
    line = Text("━" * played + "─" * (width - played), style=QUIET)
    line.stylize("not dim", 0, played)
    for topic, colour in topic_colours(view.scene):
        first = round((topic.start_s or 0.0) / per_column_s)
        line.stylize(f"not dim {colour}", first, played)
    return line


def _rule(
    width: int, left: str = "", joint_at: int = 0, joint: str = "─", right: str = ""
) -> Text:
    names = ((0, left), (joint_at + 1, right))
    line = ["─"] * width
    line[joint_at] = joint
    for at, name in names:
        if name:
            text = f" {name} "
            line[at + 1 : at + 1 + len(text)] = text
    return Text("".join(line), style=QUIET)


def _counts(view: View) -> Text:
    counts = view.scene.counts
    flags = sum(counts.flags.values())
    rejected = sum(counts.rejected.values())
    return Text.assemble(
        plural(counts.captions, "caption"),
        (" · ", QUIET),
        f"{plural(counts.cues, 'cue')}, {counts.cues_within} in profile",
        (" · ", QUIET),
        f"{counts.revised} revised",
        (" · ", QUIET),
        plural(flags, "flag"),
        (" · ", QUIET),
        (f"{rejected} rejected", "bright_red" if rejected else ""),
    )


def _latency(view: View) -> Text:
    spread = view.stopwatch.spread("caption")
    if spread is None:
        return Text("waiting for the first caption", style=QUIET)
    return Text.assemble(
        _milliseconds(spread), ("  segment sent → caption read", QUIET)
    )


def _milliseconds(spread: Spread) -> Text:
    return Text.assemble(
        (f"{spread.median_ms:.0f} ms", "bold bright_green"),
        (" median, ", QUIET),
        f"{spread.p95_ms:.0f} ms",
        (" p95", QUIET),
    )


def _sides(left: Text, right: Text, width: int) -> Text:
    """Put one text to each side; the left gives way."""
    left.truncate(max(0, width - right.cell_len - 1), overflow="ellipsis", pad=True)
    return Text.assemble(left, " ", right)
