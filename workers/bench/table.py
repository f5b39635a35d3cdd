"""A table of figures: for people, for docs/NUMBERS.md, for scripts."""

from msgspec import Struct
from rich import table

Cell = str | int | float | None
"""A figure; None where there is none."""


class Table(Struct, frozen=True):
    """Rows of the same columns; a column whose name ends in ``%`` holds percents."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def markdown(self) -> str:
        """Write it as in docs/NUMBERS.md."""
        lines = [self.columns, ("---",) * len(self.columns)]
        lines += [tuple(map(shown, row)) for row in self.rows]
        return "".join(f"| {' | '.join(line)} |\n" for line in lines)

    def records(self) -> list[dict[str, Cell]]:
        """Return a value for each row, by the names of the columns."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def printed(self) -> table.Table:
        """Return it for a terminal."""
        made = table.Table(title=self.title, box=None, padding=(0, 1, 0, 0))
        for place, name in enumerate(self.columns):
            words = all(isinstance(row[place], str) for row in self.rows)
            made.add_column(name, justify="left" if words else "right")
        for row in self.rows:
            made.add_row(*map(shown, row))
        return made


def shown(cell: Cell) -> str:
    """Write a figure: two decimals at most; a dash where there is none."""
    match cell:
        case None:
            return "–"
        case float():
            return f"{cell:.2f}".rstrip("0").rstrip(".")
        case _:
            return str(cell)
