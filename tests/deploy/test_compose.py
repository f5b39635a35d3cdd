"""Image and compose file: what their own linters and schemas say, and our own lists."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from workers.cli.main import app
from workers.settings import Settings, load_settings, metrics_port

ROOT = Path(__file__).parents[2]
COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES = COMPOSE["services"]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()
OURS = [name for name, one in SERVICES.items() if one.get("build")]


def ran(*command: str) -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name(command[0]), *command[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_compose_file_keeps_the_compose_schema():
    ran(
        *("check-jsonschema", "--builtin-schema", "vendor.compose-spec"),
        "docker-compose.yml",
    )


def test_the_linter_has_nothing_to_say_of_the_image():
    ran("hadolint", "deploy/Dockerfile")


def test_every_image_is_pinned_by_a_tag_and_none_by_an_invented_digest():
    images = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    images += [one["image"] for one in SERVICES.values()]
    for image in images:
        assert re.fullmatch(r"[a-z./-]+:v?\d[\w.-]*", image), image


@pytest.mark.parametrize("name", OURS)
def test_our_services_are_read_only_run_what_exists_and_take_their_settings(
    name, monkeypatch
):
    service = SERVICES[name]
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    command, *options = service["command"]
    shown = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"})
    assert shown.exit_code == 0
    assert all(option in shown.output for option in options if option[0] == "-")
    for variable, value in service["environment"].items():
        monkeypatch.setenv(variable, value)
    load_settings()
    if command == "run":
        port = metrics_port(Settings(), options[-1])
        assert service["environment"]["PROBED_PORT"] == str(port)


def test_every_port_is_open_to_this_machine_only():
    for service in SERVICES.values():
        for port in service.get("ports", ()):
            assert port.startswith("127.0.0.1:")


def test_every_file_that_is_mounted_is_there():
    for service in SERVICES.values():
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith("."):
                assert (ROOT / source).exists()
            else:
                assert source in COMPOSE["volumes"]


def test_what_waits_for_health_waits_for_a_service_that_tells_it():
    for service in SERVICES.values():
        for name, wish in service.get("depends_on", {}).items():
            if wish["condition"] == "service_healthy":
                assert "test" in SERVICES[name]["healthcheck"]
            else:
                assert "healthcheck" not in SERVICES[name] or (
                    SERVICES[name]["healthcheck"] == {"disable": True}
                )


def test_prometheus_scrapes_the_agents_by_the_names_that_rules_go_by():
    config = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())
    for job in config["scrape_configs"]:
        ((found,),) = (job["dns_sd_configs"],)
        (name,) = found["names"]
        assert job["job_name"] == f"captions-{name}"
        assert found["port"] == metrics_port(Settings(), name)
        assert SERVICES[name]["command"] == ["run", "--agent", name]


def test_grafana_finds_its_data_source_and_dashboards():
    mounted = dict(one.split(":")[:2] for one in SERVICES["grafana"]["volumes"])
    folder = ROOT / "deploy" / "grafana" / "provisioning"
    sources = yaml.safe_load((folder / "datasources" / "prometheus.yml").read_text())
    assert sources["datasources"][0]["url"] == "http://prometheus:9090"
    provider = yaml.safe_load((folder / "dashboards" / "captions.yml").read_text())
    path = provider["providers"][0]["options"]["path"]
    assert mounted["./deploy/grafana/dashboards"] == path
    assert mounted["./deploy/grafana/provisioning"] == "/etc/grafana/provisioning"


def test_the_image_gets_all_that_the_build_copies():
    kept = {
        line[1:]
        for line in (ROOT / ".dockerignore").read_text().splitlines()
        if line.startswith("!")
    }
    copied = {
        name
        for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
        for name in line.split()
    }
    assert copied == kept
    assert all((ROOT / name).exists() for name in copied)
