"""Draws what was measured of growth; ``make growth`` measures it."""

import json
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

HERE = Path(__file__).parent
PICTURE = HERE.parent / "images" / "growth.svg"
AGENTS = {"merge": "#1f6feb", "topics": "#bf5700"}


def draw(rows: dict[str, list[dict[str, Any]]]) -> Figure:
    """Draw cost against streams, a day, and restore against size."""
    picture = Figure(figsize=(10, 6.4), layout="constrained")
    cost, entries, memory, back = picture.subplots(2, 2).flat
    _cost(cost, rows["growth"])
    _entries(entries, rows["day"])
    _memory(memory, rows["day"])
    _restore(back, rows["restore"])
    return picture


def _cost(axes: Axes, rows: list[dict[str, Any]]) -> None:
    for agent, colour in AGENTS.items():
        own = [row for row in rows if row["agent"] == agent]
        axes.plot(
            [row["streams"] for row in own],
            [row["against the fewest"] for row in own],
            "o-",
            color=colour,
            label=agent,
        )
    axes.set(
        title="CPU of a record, against that with 10 streams",
        xlabel="live streams of a process",
        xscale="log",
        ylim=(0, None),
    )
    axes.axhspan(0.9, 1.1, color="#8883", label="within a tenth")
    axes.legend()


def _entries(axes: Axes, rows: list[dict[str, Any]]) -> None:
    hours = [row["hour"] for row in rows]
    for agent, colour in AGENTS.items():
        own = [row[f"entries {agent}"] for row in rows]
        axes.plot(hours, own, color=colour, label=f"entries of {agent}")
    so_far = [row["streams so far"] for row in rows]
    axes.plot(hours, so_far, "--", color="#888", label="streams so far")
    axes.set(title="What a day leaves behind", xlabel="hour", yscale="log")
    axes.legend()


def _memory(axes: Axes, rows: list[dict[str, Any]]) -> None:
    hours = [row["hour"] for row in rows]
    axes.plot(hours, [row["memory MiB"] for row in rows], color="#1a7f37")
    axes.plot(hours, [row["state MiB"] for row in rows], color="#8250df")
    axes.set(
        title="Memory of the process (green), state as written (violet)",
        xlabel="hour",
        ylabel="MiB",
        ylim=(0, None),
    )


def _restore(axes: Axes, rows: list[dict[str, Any]]) -> None:
    own = sorted(rows, key=lambda row: row["records"])
    axes.plot([row["MB"] for row in own], [row["s"] for row in own], "o")
    for row in own:
        axes.annotate(f"{row['records']:,}", (row["MB"], row["s"]))
    axes.set(
        title="Restore of one process; records beside the points",
        xlabel="MB of state on Kafka",
        ylabel="s",
        ylim=(0, None),
    )


def main() -> None:
    """Write the picture; the same figures give the same bytes."""
    mpl.rcParams["svg.hashsalt"] = "growth"
    rows: dict[str, list[dict[str, Any]]] = {}
    for name in ("growth", "day", "restore"):
        rows |= json.loads((HERE / f"{name}.json").read_text())
    draw(rows).savefig(PICTURE, metadata={"Date": None})


if __name__ == "__main__":
    main()
