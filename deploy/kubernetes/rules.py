"""The rules of Prometheus as a resource of its operator; see `make dashboards`."""

from pathlib import Path

import yaml

RULES = Path(__file__).parents[1] / "prometheus" / "rules.yml"
FILE = Path(__file__).parent / "production" / "rules.yaml"


def written() -> str:
    """Return what the file holds."""
    resource = {
        "apiVersion": "monitoring.coreos.com/v1",
        "kind": "PrometheusRule",
        "metadata": {"name": "caption-worker"},
        "spec": yaml.safe_load(RULES.read_text()),
    }
    head = "# Made by `make dashboards` from deploy/prometheus/rules.yml.\n"
    return head + yaml.safe_dump(resource, sort_keys=False, width=88)


if __name__ == "__main__":
    FILE.write_text(written())
