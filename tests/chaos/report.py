"""A table of faults, runs and violations, from journals and from nothing else."""

import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from tests.chaos.journal import lines
from tests.chaos.scene import RECOVERED_S

PAGE = Path(__file__).parents[2] / "docs" / "PROOF.md"
JOURNALS = PAGE.parent / "chaos"
_MARKS = "<!-- chaos -->\n", "<!-- /chaos -->"

Journal = list[dict[str, Any]]
"""The lines of one run."""


def report(runs: Sequence[Journal]) -> str:
    """Return the report of some runs, as Markdown."""
    return "\n".join((*_runs(runs), "", *_faults(runs), "", *_recovery(runs)))


def _runs(runs: Sequence[Journal]) -> Iterable[str]:
    yield "| Seed | Brokers | Minutes | Records in | Faults | Void | Violations |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for run in runs:
        begin = run[0]
        end = next((line for line in run if line["what"] == "end"), None)
        counts = Counter(line["what"] for line in run)
        cells = [
            begin["seed"],
            begin["brokers"],
            f"{begin['seconds'] / 60:.0f}",
            "not ended" if end is None else end["sent"],
            counts["happened"],
            counts["void"],
            "not ended" if end is None else end["violations"],
        ]
        yield f"| {' | '.join(map(str, cells))} |"


def _faults(runs: Sequence[Journal]) -> Iterable[str]:
    planned: Counter[str] = Counter()
    happened: Counter[str] = Counter()
    signals: Counter[str] = Counter()
    for run in runs:
        for line in run:
            if line["what"] in ("happened", "void"):
                planned[line["kind"]] += 1
            if line["what"] == "happened":
                happened[line["kind"]] += 1
                signals.update(line.get("signals", {}))
                signals["zombies"] += line.get("zombies", 0)
                signals["rebalances by joining and leaving"] += line.get(
                    "rebalances", 0
                )
                signals["broker restarts"] += line.get("broker_restarts", 0)
    yield "| Fault | Made | Happened |"
    yield "| --- | ---: | ---: |"
    for kind in sorted(planned):
        yield f"| {kind} | {planned[kind]} | {happened[kind]} |"
    yield ""
    yield "In all: " + ", ".join(f"{n} {what}" for what, n in signals.items()) + "."


def _alone(run: Journal) -> set[int]:
    """Return the numbers of faults during which no other one was under way."""
    began = {line["number"]: line["at_s"] for line in run if line["what"] == "fault"}
    spans = [
        (began[line["number"]], line["at_s"], line["number"])
        for line in run
        if line["what"] in ("happened", "void") and line.get("number") in began
    ]
    return {
        number
        for start, end, number in spans
        if not any(
            other != number and first < end and last > start
            for first, last, other in spans
        )
    }


def _group(line: dict[str, Any]) -> str:
    """Return what partitions recovered from."""
    if "SIGTERM" in line["signals"]:
        return "SIGTERM, started again at once"
    if line.get("all"):
        return "kill -9 of all at once"
    if line["static"]:
        return "kill -9, static member, started again at once"
    return "kill -9, no static member: others after the session (6 s)"


def _recovery(runs: Sequence[Journal]) -> Iterable[str]:
    seconds: dict[tuple[str, str], list[float]] = defaultdict(list)
    codes: Counter[tuple[str, int]] = Counter()
    for run in runs:
        alone = _alone(run)
        for line in run:
            if line["what"] == "ended":
                by = "kill -9" if "kill -9" in line["by"] else line["by"]
                codes[by, line["code"]] += 1
            if line["what"] == "happened" and "recovered_s" in line:
                beside = "no" if line.get("number") in alone else "yes"
                seconds[_group(line), beside] += line["recovered_s"]
    yield (
        "| Time to the first new output, a partition "
        "| Other faults meanwhile | Times | p50 | p99 | Worst |"
    )
    yield "| --- | --- | ---: | ---: | ---: | ---: |"
    for (name, beside), times in sorted(seconds.items()):
        if times:
            cuts = statistics.quantiles([*times, *times], n=100, method="inclusive")
            row = f"{len(times)} | {cuts[49]:.1f} s | {cuts[98]:.1f} s"
            yield f"| {name} | {beside} | {row} | {max(times):.1f} s |"
    yield ""
    late = sum(
        len(line["partitions"])
        for run in runs
        for line in run
        if line["what"] == "unrecovered"
    )
    yield f"Not among them, since it took more than {RECOVERED_S:.0f} s: {late}."
    yield ""
    yield "| Ended by | Exit code | Times |"
    yield "| --- | ---: | ---: |"
    for (by, code), count in sorted(codes.items()):
        yield f"| {by} | {code} | {count} |"


def with_report(text: str) -> str:
    """Return the page on the proof, with the report of the journals beside it."""
    runs = [list(lines(path)) for path in sorted(JOURNALS.glob("*.jsonl"))]
    head, _, rest = text.partition(_MARKS[0])
    _, _, tail = rest.partition(_MARKS[1])
    return f"{head}{_MARKS[0]}{report(runs)}\n{_MARKS[1]}{tail}"


if __name__ == "__main__":
    PAGE.write_text(with_report(PAGE.read_text()))
