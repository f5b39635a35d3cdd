"""An agent as ``caption-worker run --agent`` runs it, with named points in it.

Settings come from ``CAPTION_*`` variables; arguments: the agent, the folder for orders
and events, and the client's name, by which the proxy knows it.
"""

import signal
import sys
from pathlib import Path
from typing import NoReturn

from msgspec.structs import replace

from tests.chaos.points import Points, install
from workers.app import life
from workers.logs import configure_logging
from workers.settings import load_settings


def _stopped_early(*_: object) -> NoReturn:
    raise SystemExit(0)


def main(agent: str, folder: Path, name: str) -> None:
    """Run the agent."""
    signal.signal(signal.SIGTERM, _stopped_early)
    points = Points(folder)
    install(points)
    settings = load_settings()
    configure_logging(log_format="json", level="info", log_text=False)
    connection = life.connection
    life.connection = lambda settings: replace(connection(settings), client_id=name)
    points.tell(started=agent)
    life.run(settings, agent)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
