"""Where a segment's microseconds go in agent ``merge``, by subject, without Kafka.

Steps of the interpreter are counted one by one, so they are the same every time with
one version of Python. Microseconds are samples: a timer of used CPU time looks many
times a second which subject is at work.
"""

import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FrameType
from typing import Any

import schemas
from schemas.codec import SEGMENT, encode
from schemas.events import headers
from schemas.fields import Message
from schemas.segment import CaptionSegment
from workers import core
from workers.bench.table import Cell, Table
from workers.core.captioning import on_segment
from workers.core.lives import CaptionRules, StreamState

COLUMNS = ("subject", "steps", "µs", "%", "µs of a guess", "µs of a final")
SAMPLE_S = 0.001

SUBJECTS = {
    "decode and encode": ("schemas",),
    "its words and their times": ("merging/words", "merging/moments"),
    "was it said before": (
        "merging/again",
        "merging/repeats",
        "merging/doubts",
        "merging/revise",
        "merging/kept",
        "merging/clock",
    ),
    "whose words they are": (
        "merging/claim",
        "merging/hearing",
        "merging/left",
        "merging/names",
        "merging/owners",
        "merging/places",
        "merging/stability",
    ),
    "where captions end": ("merging/sentences", "merging/pieces", "merging/order"),
    "what viewers learn": ("merging/publish", "caption_ids"),
    "state of merging, bounds": ("merging/",),
    "cues: whether there is one": ("cues/step", "cues/remembering", "cues/profiles"),
    "cues: lines, times, rules": ("cues/",),
    "flags and masks": ("quality/",),
    "figures": ("figures/",),
    "the life, its deadlines": ("captioning",),
}
"""Modules by the beginning of their path in ``workers/core``; the first that fits. What
is in none, such as `text`, counts for who asked it."""

_FOLDERS = (
    (str(Path(core.__file__).parent) + "/", ""),
    (str(Path(schemas.__file__).parent) + "/", "schemas/"),
)
_NOW_MS = 1_800_000_000_000
_GUESS_MS = 300


def profile_table(
    segments: Sequence[CaptionSegment], rules: CaptionRules, rounds: int
) -> Table:
    """Tell where the time of segments goes, decode and encode included.

    Args:
        segments: Of any streams, in order; at least one guess and one final.
        rules: What is set.
        rounds: How often all is done while samples are taken; more are more exact.
    """
    values = [(one.stream_id.encode(), encode(one)) for one in segments]
    _decide(values, rules)  # warm
    steps = steps_by_subject(lambda: _decide(values, rules))
    began_s = time.process_time()
    for _ in range(rounds):
        _decide(values, rules)
    seconds = time.process_time() - began_s
    samples: Counter[tuple[str, bool]] = Counter()
    final = [False]
    with _sampled(samples, final):
        for _ in range(rounds):
            _decide(values, rules, final)
    us = 1e6 * seconds / samples.total() / rounds
    finals = sum(one.is_final for one in segments)

    def row(name: str, stepped: int, guess: int, ends: int) -> tuple[Cell, ...]:
        return (
            name,
            round(stepped / len(segments)),
            round(us * (guess + ends) / len(segments), 1),
            round(100 * (guess + ends) / samples.total()),
            round(us * guess / (len(segments) - finals), 1),
            round(us * ends / finals, 1),
        )

    rows = [
        row(name, steps[name], samples[name, False], samples[name, True])
        for name in SUBJECTS
    ]
    in_finals = sum(samples[name, True] for name in SUBJECTS)
    in_guesses = samples.total() - in_finals
    rows.append(row("all", steps.total(), in_guesses, in_finals))
    return Table("Where a segment's time goes, agent merge", COLUMNS, tuple(rows))


def steps_by_subject(work: Callable[[], object]) -> Counter[str]:
    """Count the steps that Python's interpreter takes for some work, by subject."""
    counted: Counter[str] = Counter()

    def called(frame: FrameType, event: str, _: Any) -> Any:  # noqa: ARG001  # Python's
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        subject = _subject(frame)

        def stepped(_: FrameType, event: str, __: Any) -> Any:
            if event == "opcode":
                counted[subject] += 1
            return stepped

        return stepped

    before = sys.gettrace()
    sys.settrace(called)
    try:
        work()
    finally:
        sys.settrace(before)
    return counted


@contextmanager
def _sampled(samples: Counter[tuple[str, bool]], final: list[bool]) -> Iterator[None]:
    """Count, by a timer of used CPU time, which subject is at work."""

    def look(_: int, frame: FrameType | None) -> None:
        subject = _subject(frame)
        if subject in SUBJECTS:
            samples[subject, final[0]] += 1

    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, SAMPLE_S, SAMPLE_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _subject(frame: FrameType | None) -> str:
    """Return whose work a frame is: that of the nearest module which has a subject."""
    while frame is not None:
        if frame.f_code is _decide.__code__:
            return "decode and encode"  # written in C, it has no frames of its own
        subject = _subject_of(frame.f_code.co_filename)
        if subject:
            return subject
        frame = frame.f_back
    return ""


@cache
def _subject_of(file: str) -> str:
    for folder, prefix in _FOLDERS:
        if file.startswith(folder):
            path = prefix + file.removeprefix(folder)
            for subject, beginnings in SUBJECTS.items():
                if path.startswith(beginnings):
                    return subject
    return ""


def _decide(
    values: Sequence[tuple[bytes, bytes]],
    rules: CaptionRules,
    final: list[bool] | None = None,
) -> None:
    """Decode, decide and encode; *final* tells whoever looks what is at work."""
    states: dict[str, StreamState] = {}
    for number, value in enumerate(values):
        segment = SEGMENT.decode(*value)
        if final is not None:
            final[0] = segment.is_final
        now_ms = _NOW_MS + number * _GUESS_MS
        states[segment.stream_id], outputs = on_segment(
            states.get(segment.stream_id),
            segment,
            rules,
            place=f"0-{number}",
            arrived_ms=now_ms,
            now_ms=now_ms,
        )
        for one in outputs:
            if isinstance(one, Message):
                encode(one)
                headers(one, source="caption-worker/merge", time_ms=now_ms)
