"""Rules for Prometheus: they fire and clear, on metrics that are, with help that is."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from prometheus_client import REGISTRY

from tests.tools import tool
from workers import metrics

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "prometheus"
RULES = [
    rule
    for group in yaml.safe_load((FOLDER / "rules.yml").read_text())["groups"]
    for rule in group["rules"]
]
ALERTS = {rule["alert"]: rule for rule in RULES if "alert" in rule}
TESTS = yaml.safe_load((FOLDER / "rules.test.yml").read_text())["tests"]


def promtool(*arguments: str) -> None:
    done = subprocess.run(
        [tool("promtool"), *arguments],
        cwd=FOLDER,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_alerts_fire_and_clear():
    promtool("test", "rules", "rules.test.yml")


def test_prometheus_takes_the_rules_and_the_scrape_settings():
    promtool("check", "rules", "rules.yml")
    promtool("check", "config", "prometheus.yml")


@pytest.mark.parametrize("name", ALERTS)
def test_each_alert_is_tested_before_while_and_after_it_fires(name):
    looks = [
        [
            bool(look["exp_alerts"])
            for look in test.get("alert_rule_test", ())
            if look["alertname"] == name
        ]
        for test in TESTS
    ]
    assert [False, True, False] in looks


@pytest.mark.parametrize("name", ALERTS)
def test_each_alert_has_its_place_in_the_runbook(name):
    path, _, anchor = ALERTS[name]["annotations"]["runbook_url"].partition("#")
    heads = re.findall(r"^## (.+)$", (ROOT / path).read_text(), re.MULTILINE)
    assert name in heads
    assert anchor == name.lower()


def test_the_runbook_has_no_alert_that_is_gone():
    heads = re.findall(
        r"^## (.+)$", (ROOT / "docs" / "RUNBOOK.md").read_text(), re.MULTILINE
    )
    assert heads == list(ALERTS)


def served() -> set[str]:
    """Return the names of all samples that a worker serves."""
    assert metrics.PARTITIONS
    ends = {"counter": ("_total",), "histogram": ("_bucket", "_sum", "_count")}
    ends["info"] = ("_info",)
    return {
        family.name + end
        for family in REGISTRY.collect()
        for end in ends.get(family.type, ("",))
    }


def test_rules_ask_for_what_is_served_or_recorded():
    recorded = {rule["record"] for rule in RULES if "record" in rule}
    for rule in RULES:
        expression = re.sub(r'"[^"]*"', "", rule["expr"])
        named = set(re.findall(r"(?:job:)?captions_\w+(?::\w+)?", expression))
        assert named - served() - recorded == set(), rule
