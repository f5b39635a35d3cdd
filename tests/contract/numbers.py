"""The short numbers of the README, taken from the tables and pages that have them.

What is measured is told once, on a page of docs; `make docs` writes what is said of it
elsewhere, so the two cannot disagree.
"""

import re
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
NUMBERS = DOCS / "NUMBERS.md"
PEERS = DOCS / "PEERS.md"


class UnknownError(Exception):
    """A page no longer says what another one repeats."""


def short_numbers(numbers: str, peers: str) -> str:
    """Return the points of the README's section of numbers.

    Args:
        numbers: The page of numbers.
        peers: The page of the same job by others.

    Raises:
        UnknownError: A number is not where it was.
    """
    return "".join(
        f"- **{name}**: {said}\n"
        for name, said in (
            ("Speed", _speed(numbers, peers)),
            ("Delay", _delay(numbers)),
            ("Captions", _captions(numbers)),
            ("Cues", _cues(numbers)),
            ("Topics", _topics(numbers)),
        )
    )


def captions_tables(numbers: str) -> str:
    """Return the tables of captions and of cues, as the README shows them.

    Raises:
        UnknownError: One is not where it was.
    """
    return "\n".join(
        _table(numbers, head) for head in ("| recogniser |", "| recording |")
    )


def peers_sentence(peers: str) -> str:
    """Return what the page of numbers says of the page of peers."""
    ours = _peer(peers, "this worker's delivery")
    quix, faust = _peer(peers, "Quix Streams"), _peer(peers, "Faust")
    small, large = (
        _peer(peers, f"confluent-kafka, own loop, a transaction for {size}")
        for size in ("2,000", "10,000")
    )
    rate, cpu = "segments/s", "CPU s for 100,000, to ours"
    late = ours["p50/p99 ms at 1,500/s"].partition("/")[2]
    return (
        f"On a quiet machine our `delivery` does that job at {_shown(ours[rate])} "
        f"segments a second, exactly once: {_times(ours[rate], quix[rate])} times "
        f"Quix, {_times(ours[rate], faust[rate])} times Faust "
        f"({_number(faust[cpu]):.0f} by\nCPU), "
        f"{_times(ours[rate], small[rate])} times a confluent loop with transactions "
        f"of 2,000, {_times(ours[rate], large[rate])} of one with 10,000; "
        f"p99 {late} ms at 1,500 a second;\n"
        f"{ours['back after kill -9, s']} s from starting anew after kill -9 to the "
        "first new caption.\n"
    )


def _speed(numbers: str, peers: str) -> str:
    head = "| Agent | Rules | Records/s | CPU µs a record |"
    compiled, plain, *_ = _rows(numbers, head)
    ours, quix = _peer(peers, "this worker's delivery"), _peer(peers, "Quix Streams")
    faust, rate = _peer(peers, "Faust"), "segments/s"
    long = _found(numbers, r"compiled, `merge` does (\S+ and \S+) a second")
    both = _found(numbers, r"take (\S+ to \S+) s of CPU for 100,000 segments with comp")
    return (
        "with the rules compiled, as in the image, one process takes "
        f"{compiled['Records/s']} segments a second of a backlog of 60,000, {long} of\n"
        f"  one of 160,000 (`merge`, two runs; the aim is 20,000; "
        f"{plain['Records/s']} in plain Python), and both agents "
        f"together {both} s of CPU for\n  100,000 segments. Our `delivery` alone does "
        f"a simple job {_times(ours[rate], quix[rate])} times as fast as Quix "
        f"Streams, {_times(ours[rate], faust[rate])} times as fast as Faust\n"
        "  ([peers](docs/PEERS.md)). [How it grows](docs/SIZING.md) with streams, "
        "partitions and processes."
    )


def _delay(numbers: str) -> str:
    sent = r"read, committed, (\d+) ms after its segment was sent \(median; "
    median = _found(numbers, sent)
    p95 = _found(numbers, rf"{sent.replace('(', '(?:', 1)}(\d+) ms at the 95th")
    return (
        f"a caption event is read, committed, {median} ms after its segment was sent, "
        f"in the demo (median; {p95} ms at the 95th\n  percentile)."
    )


def _captions(numbers: str) -> str:
    rows = _rows(numbers, "| recogniser | segments | word F1 |")
    broken = [row for row in rows if row["exact %"] != "100"]
    but = "; ".join(
        f"*{row['recogniser']}* in {row['exact %']} % of them, with {row['lost']} word "
        f"lost and {row['doubled']} doubled"
        for row in broken
    )
    return (
        f"{len(rows) - len(broken)} of {len(rows)} kinds of recogniser, simulated, "
        f"have each word once and in order in all streams{but and ','}\n  {but}: "
        "[the table](docs/NUMBERS.md#captions), by `caption-worker bench captions`."
    )


def _cues(numbers: str) -> str:
    rows = {
        row["profile"]: row
        for row in _rows(numbers, "| recording | profile | cut |")
        if row["cut"] == "live"
    }
    lines = min((row["lines %"] for row in rows.values()), key=float)
    pace = _found(numbers, r"words a minute against its (\d+)\.")
    return (
        f"of the demo's live cues {lines} % keep to the lines of their profile; "
        f"{rows['web']['read %']} % can be read in time by `web`, "
        f"{rows['bbc']['read %']} % by `bbc`,\n  whose {pace} words a minute these "
        "speakers exceed."
    )


def _topics(numbers: str) -> str:
    rows = _rows(numbers, "| Mean over kinds | Pk |")
    real, silent, chance = _live(rows), rows[0], rows[1]
    ours = _live(_rows(numbers, "| Talks of ours | six: Pk |"))
    talks = _found(numbers, r"if nobody sets it: (\d+) talks of seven kinds")
    names = ("F1@3", "F1@10", "Pk")
    near, far, pk = (real[name].partition(" ")[0] for name in names)
    drawn, told_nothing = (
        ", ".join(row[name] for name in names) for row in (chance, silent)
    )
    fresh = _found(numbers, r"\*Fresh\* are (\d+) talks more")
    new_near, new_far, new_pk = (real[f"fresh: {name}"] for name in names)
    own_near, own_far = (ours[f"unseen: {name}"] for name in names[:2])
    return (
        f"of {talks} real talks of seven kinds, live and with nothing set, {near} of "
        f"changes (F1) are found within 3 sentences, {far} within 10, Pk {pk}\n  "
        f"(chance, told how many: {drawn}; silence: {told_nothing}; the goals .30, "
        f".40, .37), where the bar was chosen on these talks;\n  of {fresh} that came "
        f"later {new_near}, {new_far} and {new_pk}; of three scripts of ours no rule "
        f"was made for\n  {own_near} and {own_far}."
    )


def _live(rows: list[dict[str, str]]) -> dict[str, str]:
    """Return the first row of what is told live, by the rules as they are now."""
    for row in rows:
        if re.search(r"(^|: )live$", next(iter(row.values()))):
            return row
    raise UnknownError("no row of what is told live")


def _peer(peers: str, name: str) -> dict[str, str]:
    for row in _rows(peers, "| peer | guarantee |"):
        if row["peer"].startswith(name):
            return row
    raise UnknownError(f"no peer {name!r}")


def _table(page: str, head: str) -> str:
    found = re.search(rf"^{re.escape(head)}.*\n(?:\|.*\n)+", page, re.MULTILINE)
    if found is None:
        raise UnknownError(f"no table {head!r}")
    return found[0]


def _rows(page: str, head: str) -> list[dict[str, str]]:
    """Return the rows of the table that begins so, each by the names of its cells."""
    lines = iter(page.splitlines())
    names = next((_cells(one) for one in lines if one.startswith(head)), None)
    if names is None:
        raise UnknownError(f"no table {head!r}")
    next(lines)
    # A ratio stands behind what it is of.
    names = [
        f"{before}, {name}" if name == "to ours" else name
        for before, name in zip(["", *names], names, strict=False)
    ]
    found = []
    for line in lines:
        if not line.startswith("|"):
            break
        found.append(dict(zip(names, _cells(line), strict=True)))
    return found


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.split("|")[1:-1]]


def _found(page: str, pattern: str) -> str:
    found = re.search(pattern.replace(" ", r"\s+"), page)
    if found is None:
        raise UnknownError(f"nothing like {pattern!r}")
    return found[1]


def _shown(cell: str) -> str:
    return f"{round(_number(cell), -3):,.0f}"


def _times(more: str, less: str) -> str:
    ratio = _number(more) / _number(less)
    return f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}"


def _number(cell: str) -> float:
    """Return the median in a cell, before what it was at least and most."""
    return float(cell.split(maxsplit=1)[0].replace(",", ""))
