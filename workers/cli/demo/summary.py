"""What is said at the end: counts, topics, latencies, and where to go from here."""

from collections.abc import Iterator, Mapping

from workers.cli.demo.latency import Spread
from workers.cli.demo.scene import Scene
from workers.cli.demo.show import View
from workers.cli.demo.words import clock, plural, printable

NEXT = (
    ("caption-worker demo --stay", "the same, and the live page stays"),
    ("caption-worker demo --file talk.srt", "the same with a recording of yours"),
    ("caption-worker process talk.srt --to vtt", "a file's cues, without Kafka"),
    ("caption-worker run --broker HOST:PORT", "the worker on your Kafka"),
    ("caption-worker replay talk.srt --speed 10", "a recording sent to it"),
    ("README.md", "settings, messages, production"),
)


def summary(view: View) -> Iterator[str]:
    """Write the summary, line by line."""
    scene, counts = view.scene, view.scene.counts
    yield f"{view.title}: {clock(view.end_s)} of speech, all of it read back from Kafka"
    yield ""
    yield _row("captions", f"{counts.captions}, {plural(counts.words, 'word')}")
    yield _row("revised", f"{counts.revised} after they were shown as certain")
    yield _row(
        "cues",
        f"{counts.cues}, {counts.cues_within} within profile {scene.profile}",
    )
    yield _row("flags", _named(counts.flags))
    yield _row("rejected", _named(counts.rejected))
    yield _row("captions came", _latency(view.stopwatch.spread("caption")))
    yield _row("with their topic", _latency(view.stopwatch.spread("enriched")))
    yield _row("", "from sending the segment behind it to reading it, committed")
    yield ""
    yield from _topics(scene)
    yield ""
    width = max(len(command) for command, _ in NEXT)
    for command, what in NEXT:
        yield f"  {command:{width}}  {what}"


def _row(name: str, value: str) -> str:
    return f"  {name:16} {value}"


def _named(counts: Mapping[str, int]) -> str:
    named = ", ".join(f"{printable(name)} {count}" for name, count in counts.items())
    return named or "none"


def _latency(spread: Spread | None) -> str:
    if spread is None:
        return "not measured"
    return (
        f"after {spread.median_ms:.0f} ms (median), {spread.p95_ms:.0f} ms "
        f"(95th percentile) of {spread.count}"
    )


def _topics(scene: Scene) -> Iterator[str]:
    held = [line for line in scene.topics if not line.withdrawn]
    yield plural(len(held), "topic") + (":" if held else "")
    for line in held:
        phrases = ", ".join(line.topic.keyphrases or ())
        label = line.topic.label or "(too short for a name)"
        yield printable(
            f"  {clock(line.topic.start_s):>7}  {label:24}  {phrases}"
        ).rstrip()
