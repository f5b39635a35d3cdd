"""The picture on a terminal, put together from its panes."""

from collections.abc import Sequence

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
PAGE = "bright_cyan underline"
LEGEND = (
    "○ maybe a topic",
    "● a topic",
    "✗ none after all",
    "↺ come back",
    "✎ revised",
    "⚑ flagged",
)
LEGEND_FROM = 24
"""Lines; on fewer, captions need the room."""


def picture(view: View, width: int, height: int) -> Group:
    """Paint so many lines of so many columns."""
    across = max(width, SMALLEST)
    right = min(max(24, across * 3 // 10), across // 3, 44)
    left = across - right - len(BETWEEN)
    legend = [_legend(across)] if height >= LEGEND_FROM else []
    rows = max(1, height - AROUND - len(legend))
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
        _counts(view, across),
        _latency(view, across),
        *legend,
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


def _counts(view: View, width: int) -> Text:
    """Count; where all of it does not fit, leave out parts, never half a number."""
    counts = view.scene.counts
    captions, cues = plural(counts.captions, "caption"), plural(counts.cues, "cue")
    flags = plural(sum(counts.flags.values()), "flag")
    rejected = sum(counts.rejected.values())
    last = Text(f"{rejected} rejected", style="bright_red" if rejected else "")
    rest = (f"{counts.revised} revised", flags, last)
    choices = (
        (captions, f"{cues}, {counts.cues_within} in profile", *rest),
        (captions, cues, *rest),
        (captions, last),
    )
    return _longest([_parts(parts) for parts in choices], width)


def _latency(view: View, width: int) -> Text:
    end = Text("Ctrl-C ends it", style=QUIET)
    if view.page is not None:
        page = Text.assemble((view.page, f"{PAGE} link {view.page}"), "  ", end)
        end = _longest([page, end], 2 * width // 3)
    spread = view.stopwatch.spread("caption")
    if spread is None:
        return _sides(Text("waiting for the first caption", style=QUIET), end, width)
    taken = _milliseconds(spread)
    what = Text.assemble(taken, ("  segment sent → caption read", QUIET))
    return _sides(_longest([what, taken], width - end.cell_len - 1), end, width)


def _legend(width: int) -> Text:
    """Explain the signs, as many as fit."""
    return _longest(
        [
            Text("  ".join(LEGEND[:count]), style=QUIET)
            for count in range(len(LEGEND), -1, -1)
        ],
        width,
    )


def _parts(parts: Sequence[str | Text]) -> Text:
    joined = Text()
    for part in parts:
        joined.append(" · " if joined else "", style=QUIET).append_text(
            Text.assemble(part)
        )
    return joined


def _longest(choices: Sequence[Text], width: int) -> Text:
    """Return the first that fits; the last if none does."""
    return next((one for one in choices if one.cell_len <= width), choices[-1])


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
