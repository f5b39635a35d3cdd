"""Whether a stream can be trusted now: ``ok``, or what is wrong, in words."""

from collections import Counter
from typing import Final, NamedTuple

from schemas.captions import Caption
from schemas.metrics import StreamState
from workers.core.figures.latency import shown_ms
from workers.core.figures.state import Figures, Recent, Stages
from workers.core.figures.watch import BREAK_MS
from workers.core.quality import PROFANITY

RECENT: Final = 20
"""Captions by which lateness and doubt are judged: one to two minutes of speech."""
FEW_CAPTIONS: Final = 5
"""Fewer tell nothing."""
DELAYED_S: Final = 4.5
"""Mean latency of live subtitles that Ofcom allows: guidelines of April 2024, 3.9."""
LONG_GAP_S: Final = 30.0
"""Without words a person should look: it may be music, or a recogniser that died. As
long as the window that recognisers of Whisper's kind take in; our choice."""
GUESSING_S: Final = 60.0
"""Guesses and no final: four captions of the greatest length; our choice, longer than
the recognisers whose documents we read keep a sentence open."""
DOUBTFUL_SHARE: Final = 0.25
"""Of the captions uncertain or flagged; our choice."""


class Health(NamedTuple):
    """The state of a stream, and why."""

    state: StreamState
    reason: str


def recent_of(caption: Caption, spent: Stages | None) -> Recent:
    """Return what is remembered of a final caption."""
    doubts = [flag.name for flag in caption.flags if flag.name != PROFANITY]
    if caption.uncertain:
        doubts.append("uncertain")
    return Recent(
        None if spent is None else shown_ms(spent), doubts[0] if doubts else ""
    )


def health(figures: Figures, now_ms: int, *, heard_ms: int, ended: bool) -> Health:
    """Judge a stream at the end of a window.

    What is missing goes before what is late, and that before what is doubtful.

    Args:
        figures: Of the window that ends.
        now_ms: Its end, milliseconds since 1970.
        heard_ms: When the last segment came, with or without words.
        ended: The recogniser said that the stream is over; then silence is none.
    """
    return (
        _incomplete(figures, now_ms, heard_ms, ended=ended)
        or _delayed(figures)
        or _uncertain(figures)
        or Health("ok", "")
    )


def _incomplete(
    figures: Figures, now_ms: int, heard_ms: int, *, ended: bool
) -> Health | None:
    watch = figures.watch
    wordless_s = (now_ms - watch.worded_ms) / 1000
    silent_s = (now_ms - heard_ms) / 1000
    gap_s = figures.window.longest_gap_ms / 1000
    reason = ""
    if not ended and silent_s >= LONG_GAP_S:
        reason = f"nothing came from the recogniser for {silent_s:.0f} s"
    elif not ended and watch.worded_ms and wordless_s >= LONG_GAP_S:
        reason = f"segments came, but none with words for {wordless_s:.0f} s"
    elif gap_s >= LONG_GAP_S:
        reason = f"{gap_s:.0f} s of audio without words"
    elif watch.guessing_ms is not None and wordless_s * 1000 <= BREAK_MS:
        guessing_s = (watch.worded_ms - watch.guessing_ms) / 1000
        if guessing_s >= GUESSING_S:
            reason = f"guesses for {guessing_s:.0f} s, and none became final"
    return Health("incomplete", reason) if reason else None


def _delayed(figures: Figures) -> Health | None:
    known = [one.shown_ms for one in figures.recent if one.shown_ms is not None]
    if len(known) < FEW_CAPTIONS:
        return None
    mean_s = sum(known) / len(known) / 1000
    if mean_s <= DELAYED_S:
        return None
    return Health(
        "delayed",
        f"words come {mean_s:.1f} s after they are spoken,"
        f" mean of the last {len(known)} captions",
    )


def _uncertain(figures: Figures) -> Health | None:
    doubts = Counter(one.doubt for one in figures.recent if one.doubt)
    count = doubts.total()
    if len(figures.recent) < FEW_CAPTIONS or (
        count < DOUBTFUL_SHARE * len(figures.recent)
    ):
        return None
    named = ", ".join(f"{number} {name}" for name, number in sorted(doubts.items()))
    return Health(
        "uncertain",
        f"{count} of the last {len(figures.recent)} captions are doubtful: {named}",
    )
