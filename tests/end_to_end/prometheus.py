"""A real Prometheus on this machine, on a port of its own, ended by its own pid."""

import json
import subprocess
import time
import urllib.parse
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import yaml

from tests.tools import tool
from workers.broker.ports import free_ports

RULES = Path(__file__).parents[2] / "deploy" / "prometheus" / "rules.yml"


class Prometheus:
    def __init__(self, port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"

    def ask(self, path: str, **query: str):
        """Return the data of an answer of its API."""
        address = f"{self.address}/api/v1/{path}?{urllib.parse.urlencode(query)}"
        with urllib.request.urlopen(address, timeout=10) as answer:
            return json.load(answer)["data"]

    def values(self, expression: str) -> list[float]:
        """Return the values of an expression now."""
        result = self.ask("query", query=expression)["result"]
        return [float(one["value"][1]) for one in result]


@contextmanager
def prometheus(folder: Path, targets: dict[str, str]):
    """Run one that scrapes every second.

    Args:
        folder: For its data.
        targets: Address by job.
    """
    program = tool("prometheus")
    config = folder / "prometheus.yml"
    config.write_text(
        yaml.safe_dump(
            {
                "global": {"scrape_interval": "1s", "evaluation_interval": "1s"},
                "rule_files": [str(RULES)],
                "scrape_configs": [
                    {"job_name": job, "static_configs": [{"targets": [address]}]}
                    for job, address in targets.items()
                ],
            }
        )
    )
    port = next(free_ports())
    with (folder / "prometheus.log").open("wb") as log:
        process = subprocess.Popen(
            [
                program,
                f"--config.file={config}",
                f"--storage.tsdb.path={folder / 'data'}",
                f"--web.listen-address=127.0.0.1:{port}",
                "--log.level=warn",
            ],
            stdout=log,
            stderr=log,
        )
    try:
        server = Prometheus(port)
        _until_ready(server)
        yield server
    finally:
        process.terminate()
        process.wait(20)


def _until_ready(server: Prometheus) -> None:
    until_s = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(f"{server.address}/-/ready", timeout=2):
                return
        except OSError:
            if time.monotonic() > until_s:
                raise
            time.sleep(0.1)
