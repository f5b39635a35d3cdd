"""The table of docs/PEERS.md, from the journal and from nothing else."""

import statistics
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import orjson

from tests.bench.peers.contestants import CONTESTANTS

PAGE = Path(__file__).parents[3] / "docs" / "PEERS.md"
JOURNAL = PAGE.parent / "bench" / "peers.jsonl"
_MARKS = "<!-- peers -->\n", "<!-- /peers -->"

Line = dict[str, Any]
_HEAD = (
    *("peer", "guarantee", "segments/s", "to ours", "CPU s for 100,000", "to ours"),
    *("MiB", "p50/p99 ms at 300/s", "core", "p50/p99 ms at 1,500/s", "core"),
    *("back after kill -9, s", "lost", "doubled", "wrong"),
)


def table(lines: list[Line]) -> str:
    """Return where and how it was measured, and a table of medians, as Markdown."""
    about, *runs = lines
    names = list(dict.fromkeys(one["peer"] for one in runs))
    reference = names[0]
    rows = [_row(name, reference, runs) for name in names]
    marks = [":---" if column < 2 else "---:" for column in range(len(_HEAD))]
    return "\n".join(
        [
            *_about(about, runs),
            "",
            *(f"| {' | '.join(row)} |" for row in (_HEAD, marks, *rows)),
            "",
            *_failures(runs),
        ]
    )


def _about(about: Line, runs: list[Line]) -> Iterable[str]:
    rounds = {
        what: max(_times(runs, what).values(), default=0)
        for what in ("drain", "latency", "recovery")
    }
    yield (
        f"{about['date']}, {about['cores']} cores ({about['processor']}) shared by "
        f"Kafka, the peer and who measures; Python {about['python']}. Backlog of "
        f"{about['segments']:,} segments, {rounds['drain']} rounds, medians (least to "
        f"most); {about['seconds']:g} s at each rate. Load when it began: "
        f"{about.get('load', 'not noted')}; it took {about['minutes']} minutes."
    )


def _times(runs: list[Line], what: str) -> dict[tuple[Any, ...], int]:
    counts: dict[tuple[Any, ...], int] = {}
    for one in runs:
        if one["what"] == what:
            key = one["peer"], one.get("at")
            counts[key] = counts.get(key, 0) + 1
    return counts


def _row(name: str, reference: str, runs: list[Line]) -> list[str]:
    peer = next((one for one in CONTESTANTS if one.name == name), None)
    cells = [peer.title if peer else name, peer.guarantee if peer else ""]

    def found(what: str, field: str, of: str = name, **same: Any) -> list[float]:
        return [
            one[field]
            for one in runs
            if one["what"] == what
            and one["peer"] == of
            and one.get(field) is not None
            and all(one.get(key) == value for key, value in same.items())
        ]

    for field, form in (("rate", "{:,.0f}"), ("cpu_s", "{:.2f}")):
        mine, theirs = found("drain", field), found("drain", field, reference)
        cells.append(_spread(mine, form))
        ratio = mine and theirs and statistics.median(mine) / statistics.median(theirs)
        cells.append(f"{ratio:.2f}" if ratio else "-")
    cells.append(_median(found("drain", "mib"), "{:.0f}"))
    for rate in (300, 1500):
        p50, p99, share = (
            found("latency", field, at=rate)
            for field in ("p50_ms", "p99_ms", "cpu_share")
        )
        cells.append(f"{_median(p50, '{:.0f}')}/{_median(p99, '{:.0f}')}")
        cells.append(_median(share, "{:.0%}"))
    cells.append(_median(found("recovery", "back_s"), "{:.1f}"))
    cells += [_each(found("recovery", field)) for field in ("lost", "doubled", "wrong")]
    return cells


def _spread(values: list[float], form: str) -> str:
    if not values:
        return "-"
    middle, least, most = (
        form.format(function(values)) for function in (statistics.median, min, max)
    )
    return middle if least == most else f"{middle} ({least} to {most})"


def _median(values: list[float], form: str) -> str:
    return form.format(statistics.median(values)) if values else "-"


def _each(values: list[float]) -> str:
    return ", ".join(f"{value:.0f}" for value in values) or "-"


def _failures(runs: list[Line]) -> Iterable[str]:
    for one in runs:
        if "failed" in one:
            last = (one["failed"].strip().splitlines() or ["it said nothing"])[-1]
            yield f"{one['peer']}, {one['what']}: did not work: `{last[:200]}`"
        elif one["what"] == "drain" and (one["lost"] or one["wrong"]):
            yield f"{one['peer']}, backlog: {one['lost']} lost, {one['wrong']} wrong"


def with_report(text: str) -> str:
    """Return the page with the table of the journal."""
    lines = [orjson.loads(line) for line in JOURNAL.read_bytes().splitlines()]
    head, _, rest = text.partition(_MARKS[0])
    _, _, tail = rest.partition(_MARKS[1])
    return f"{head}{_MARKS[0]}{table(lines)}\n{_MARKS[1]}{tail}"


def write_page() -> None:
    """Write the page anew."""
    PAGE.write_text(with_report(PAGE.read_text()))


if __name__ == "__main__":
    write_page()
