"""Writes the dashboards: `make dashboards`."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from deploy.grafana.overview import overview
from deploy.grafana.quality import quality

FOLDER = Path(__file__).with_name("dashboards")
DASHBOARDS: dict[str, Callable[[], dict[str, Any]]] = {
    "overview.json": overview,
    "quality.json": quality,
}


def written(name: str) -> str:
    """Return what a dashboard's file holds."""

    def plain(value: Any) -> Any:
        return value.to_json()

    return (
        json.dumps(DASHBOARDS[name](), default=plain, indent=1, sort_keys=True) + "\n"
    )


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name in DASHBOARDS:
        (FOLDER / name).write_text(written(name))
