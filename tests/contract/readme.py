"""The tables that the code writes on pages; `make docs` writes them anew."""

import re
from collections.abc import Callable
from pathlib import Path

from prometheus_client import Metric
from prometheus_client.registry import REGISTRY

from tests.contract.numbers import (
    NUMBERS,
    PEERS,
    captions_tables,
    peers_sentence,
    short_numbers,
)
from workers import metrics
from workers.adapters.providers.registry import providers_table
from workers.core.cues import PROFILES
from workers.delivery.exits import Exit
from workers.settings import Settings, variable
from workers.settings.custom_profiles import CustomProfile

README = Path(__file__).parents[2] / "README.md"
SETTINGS = README.parent / "docs" / "SETTINGS.md"
METRICS = README.parent / "docs" / "METRICS.md"


def settings_table() -> str:
    rows = [
        f"| `{name}` | `{variable(name)}` | {_default(field.default)} "
        f"| {(field.description or '').replace('|', chr(92) + '|')} |"
        for name, field in Settings.model_fields.items()
    ]
    head = ["| Name in the file | Variable | Default | Meaning |", "| --- " * 4 + "|"]
    return "\n".join([*head, *rows]) + "\n"


def _default(value: object) -> str:
    match value:
        case None | {} | ():
            return "none"
        case bool():
            return f"`{str(value).lower()}`"
        case float():
            return f"`{value:g}`"
        case tuple():
            return f"`{', '.join(map(str, value))}`"
        case _:
            return f"`{value}`"


def exits_table() -> str:
    source = Path(metrics.__file__).with_name("delivery") / "exits.py"
    said = dict(re.findall(r'    ([A-Z_]+) = \d+\n    """(.+)"""', source.read_text()))
    rows = [f"| {code.value} | {said[code.name]} |" for code in Exit]
    return "\n".join(["| Code | Means |", "| --- | --- |", *rows]) + "\n"


def metrics_table() -> str:
    rows = [
        f"| `{_name(one)}` | {_labels(one)} | {one.documentation} |"
        for one in REGISTRY.collect()
        if one.name.startswith("captions_")
    ]
    return (
        "\n".join(["| Metric | Labels | Counts |", "| --- | --- | --- |", *rows]) + "\n"
    )


def _name(metric: Metric) -> str:
    ends = {"counter": "_total", "info": "_info"}
    return metric.name + ends.get(metric.type, "")


def _labels(metric: Metric) -> str:
    for defined in vars(metrics).values():
        if getattr(defined, "_name", None) == metric.name:
            return ", ".join(f"`{label}`" for label in defined._labelnames)
    labels = getattr(metric, "_labelnames", ())
    return ", ".join(f"`{label}`" for label in labels)


def profiles_table() -> str:
    head = ["Field", "Meaning", *(f"`{name}`" for name in PROFILES)]
    rows = [
        [
            f"`{name}`",
            field.description or "",
            *(_limit(getattr(profile, name)) for profile in PROFILES.values()),
        ]
        for name, field in CustomProfile.model_fields.items()
    ]
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _limit(value: object) -> str:
    match value:
        case None:
            return ""
        case float():
            return f"{value:.3g}"
        case _:
            return str(value)


TABLES: dict[Path, dict[str, Callable[[], str]]] = {
    NUMBERS: {"peers": lambda: peers_sentence(PEERS.read_text())},
    README: {
        "providers": providers_table,
        "exits": exits_table,
        "captions": lambda: captions_tables(NUMBERS.read_text()),
        "numbers": lambda: short_numbers(NUMBERS.read_text(), PEERS.read_text()),
    },
    METRICS: {"metrics": metrics_table},
    SETTINGS: {"settings": settings_table, "profiles": profiles_table},
}


def with_tables(page: Path) -> str:
    text = page.read_text()
    for name, table in TABLES[page].items():
        marks = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        head, _, rest = text.partition(marks[0])
        _, _, tail = rest.partition(marks[1])
        text = f"{head}{marks[0]}{table()}{marks[1]}{tail}"
    return text


if __name__ == "__main__":
    for page in TABLES:
        page.write_text(with_tables(page))
