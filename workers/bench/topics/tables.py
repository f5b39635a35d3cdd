"""What the results come to, as tables."""

from collections.abc import Mapping, Sequence
from statistics import median

from workers.bench.table import Cell, Table
from workers.bench.topics.agreement import Agreement, Summary, mean, summary
from workers.bench.topics.intervals import drawn, interval
from workers.bench.topics.results import Result

Results = Mapping[str, Sequence[Result]]

FIGURES = ("Pk %", "WD %", "F1@3 %", "F1@10 %")
_BINS = ((0.0, 0.2), (0.2, 0.4), (0.4, 0.6), (0.6, 1.01))


def tables(results: Results) -> dict[str, Table]:
    """Make all tables; there is one talk at least."""
    return {
        "changes": changes(results),
        "means": means(results),
        "names": names(results),
        "scores": scores(results),
        "latency": latency(results),
        "speed": speed(results),
    }


def changes(results: Results) -> Table:
    """Tell for each set and method how well changes agree with the true ones."""
    rows: list[tuple[Cell, ...]] = []
    for name, talks in results.items():
        for method in talks[0].agreements:
            tries = [one.agreements[method] for one in talks]
            found = sum(one.found for each in tries for one in each) / len(tries[0])
            rows.append(
                (
                    name,
                    len(talks),
                    sum(each[0].true for each in tries),
                    method,
                    round(found),
                    *_figures(_judged(tries)),
                )
            )
    columns = ("set", "talks", "true", "method", "found", *FIGURES)
    return Table("Changes of topic", columns, tuple(rows))


def means(results: Results) -> Table:
    """Tell the mean over sets, and where 95 % of it lie if talks are drawn anew.

    Where each set is one talk, these are drawn; of one talk alone there is no interval.
    """
    rows: list[tuple[Cell, ...]] = []
    first = next(iter(results.values()))
    drawable = sum(map(len, results.values())) > 1
    for method in first[0].agreements:
        tries = {
            name: [talk.agreements[method] for talk in talks]
            for name, talks in results.items()
        }
        found = _figures(mean([_judged(talks) for talks in tries.values()]))
        draws = [_figures(one) for one in drawn(tries, _judged)] if drawable else []
        row: list[Cell] = [method]
        for place, figure in enumerate(found):
            bounds = interval([draw[place] for draw in draws]) if draws else (None,) * 2
            row += (figure, *bounds)
        rows.append(tuple(row))
    columns = [f"{name}{part}" for name in FIGURES for part in ("", " from", " to")]
    return Table("Mean over sets, 95 % interval", ("method", *columns), tuple(rows))


def names(results: Results) -> Table:
    """Tell how often a word of the title people gave is among the keyphrases."""
    rows: list[tuple[Cell, ...]] = []
    for name, talks in results.items():
        titled = sum(one.named.titled for one in talks)
        phrases = sum(one.named.phrases for one in talks)
        if not titled:
            continue
        rows.append(
            (
                name,
                titled,
                100 * sum(one.named.hits_true for one in talks) / titled,
                100 * sum(one.named.hits_live for one in talks) / titled,
                100 * sum(one.named.longer for one in talks) / max(1, phrases),
            )
        )
    columns = ("set", "titled", "hit, true topics %", "hit, live %", "multi-word %")
    return Table("Names", columns, tuple(rows))


def scores(results: Results) -> Table:
    """Tell how often a change told with a probability is within three sentences."""
    told = [
        (probability, near)
        for talks in results.values()
        for one in talks
        for probability, near in zip(one.heard.probabilities, one.near, strict=True)
    ]
    rows: list[tuple[Cell, ...]] = []
    for low, high in _BINS:
        inside = [pair for pair in told if low <= pair[0] < high]
        if inside:
            rows.append(
                (
                    f"{low:.1f} to {min(1.0, high):.1f}",
                    len(inside),
                    100 * sum(score for score, _ in inside) / len(inside),
                    100 * sum(near for _, near in inside) / len(inside),
                )
            )
    columns = ("score", "changes", "mean score %", "right %")
    return Table("Scores as probabilities", columns, tuple(rows))


def latency(results: Results) -> Table:
    """Tell after how many sentences changes are told first, and how many are kept."""
    rows: list[tuple[Cell, ...]] = []
    for name, talks in results.items():
        waited = [count for one in talks for count in one.heard.waited]
        early = sum(len(one.heard.provisional) for one in talks)
        rows.append(
            (
                name,
                early,
                sum(one.heard.withdrawn for one in talks),
                len(waited),
                float(median(waited)) if waited else None,
                max(waited, default=None),
            )
        )
    columns = ("set", "started", "withdrawn", "confirmed", "median wait", "longest")
    return Table("When changes are told, in sentences", columns, tuple(rows))


def speed(results: Results) -> Table:
    """Tell the processor time of a sentence, all in; different each time."""
    rows: list[tuple[Cell, ...]] = []
    for name, talks in results.items():
        sentences = sum(one.sentences for one in talks)
        spent_s = max(1e-9, sum(one.spent_s for one in talks))
        rows.append(
            (name, sentences, 1e6 * spent_s / sentences, round(sentences / spent_s))
        )
    columns = ("set", "sentences", "µs a sentence", "sentences a second")
    return Table("Speed of one core", columns, tuple(rows))


def _judged(talks: Sequence[Sequence[Agreement]]) -> Summary:
    """Sum up a method on some talks, each tried as often; the mean of the tries."""
    runs = [summary(run) for run in zip(*talks, strict=True)]
    return mean(runs)


def _figures(found: Summary) -> tuple[float, ...]:
    return tuple(100 * one for one in (found.pk, found.wd, *found.f1))
