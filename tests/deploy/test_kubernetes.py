"""The manifests: what kustomize makes of them is what Kubernetes and operators take."""

import copy
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from deploy.kubernetes.rules import FILE, written
from schemas.kafka_topics import AGENTS, full_name
from tests.tools import node, tool
from workers.app import INPUTS
from workers.cli.main import app
from workers.settings import Settings, load_settings, metrics_port

FOLDER = Path(__file__).parents[2] / "deploy" / "kubernetes"
OVERLAYS = ("base", "small", "production")


@pytest.fixture(scope="module")
def resources():
    """Return the resources of each overlay."""
    kustomize = (
        [tool("kustomize"), "build"]
        if shutil.which("kustomize")
        else [tool("kubectl"), "kustomize"]
    )
    made = {}
    for overlay in OVERLAYS:
        done = subprocess.run(
            [*kustomize, str(FOLDER / overlay)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        made[overlay] = list(yaml.safe_load_all(done.stdout))
    return made


def of(resources, overlay, *kinds):
    return [one for one in resources[overlay] if one["kind"] in kinds]


def is_custom(resource):
    group = resource["apiVersion"].partition("/")[0]
    return group in ("keda.sh", "monitoring.coreos.com")


def validated(folder, resources):
    """Return what Kubernetes' own schemas say to resources; empty if nothing."""
    path = folder / "resources.yaml"
    path.write_text(yaml.safe_dump_all(resources))
    done = subprocess.run(
        [
            *(Path(sys.executable).with_name("kubernetes-validate"), "--strict"),
            *("--quiet", "--no-warn", str(path)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


def test_kubernetes_takes_each_overlay_and_no_misspelt_field(resources, tmp_path):
    for overlay in OVERLAYS:
        own = [one for one in resources[overlay] if not is_custom(one)]
        assert len(own) > 8
        assert validated(tmp_path, own) == ""
    broken = copy.deepcopy(of(resources, "small", "StatefulSet"))
    broken[0]["spec"]["replicaz"] = 3
    assert "replicaz" in validated(tmp_path, broken)


def test_keda_and_the_prometheus_operator_take_theirs_and_no_wrong_one(resources):
    custom = [one for one in resources["production"] if is_custom(one)]
    kinds = {
        "ScaledObject",
        "TriggerAuthentication",
        "ServiceMonitor",
        "PrometheusRule",
    }
    assert {one["kind"] for one in custom} == kinds
    broken = copy.deepcopy(of(resources, "production", "ScaledObject")[0])
    broken["spec"]["triggers"] = "kafka"
    broken["metadata"]["name"] = "broken"
    said = json.dumps([*custom, broken]).encode()
    problems = json.loads(node("check_resources.mjs", said=said))
    assert len(problems) == 1
    assert "broken" in problems[0]


def test_the_rules_of_the_operator_are_those_of_prometheus():
    assert FILE.read_text() == written(), "run `make dashboards`"


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_pod_keeps_the_restricted_pod_security(overlay, resources):
    for one in of(resources, overlay, "StatefulSet", "Job"):
        pod = one["spec"]["template"]["spec"]
        assert pod["securityContext"]["runAsNonRoot"]
        assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not pod["automountServiceAccountToken"]
        assert not pod["enableServiceLinks"]
        for container in pod["containers"]:
            assert container["securityContext"] == {
                "allowPrivilegeEscalation": False,
                "readOnlyRootFilesystem": True,
                "capabilities": {"drop": ["ALL"]},
            }
            assert container["image"].startswith("caption-worker:")
            assert "memory" in container["resources"]["limits"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_command_and_setting_is_one(overlay, resources, monkeypatch):
    settings = [one["data"] for one in of(resources, overlay, "ConfigMap")]
    assert len(settings) == 1
    for name, value in settings[0].items():
        monkeypatch.setenv(name, value)
    secrets = {"CAPTION_SASL_USERNAME": "me", "CAPTION_SASL_PASSWORD": "secret"}
    for one in of(resources, overlay, "StatefulSet", "Job"):
        (container,) = one["spec"]["template"]["spec"]["containers"]
        for variable in container.get("env", ()):
            name = variable["name"]
            value = variable.get("value") or secrets.get(name) or "captions-merge-0"
            monkeypatch.setenv(name, value)
        command, *options = container["args"]
        shown = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"})
        assert shown.exit_code == 0
        assert all(option in shown.output for option in options if option[0] == "-")
    load_settings()


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_agents_are_probed_and_scraped_where_they_serve(overlay, resources):
    services = of(resources, overlay, "Service")
    for one in of(resources, overlay, "StatefulSet"):
        (container,) = one["spec"]["template"]["spec"]["containers"]
        agent = container["args"][-1]
        (port,) = container["ports"]
        assert port["containerPort"] == metrics_port(Settings(), agent)
        probes = {
            name: container[f"{name}Probe"]["httpGet"]["path"]
            for name in ("startup", "liveness", "readiness")
        }
        # Who is behind is not helped by a restart.
        assert probes.pop("readiness") == "/ready"
        assert set(probes.values()) == {"/live"}
        (service,) = (
            each for each in services if each["metadata"]["name"] == f"captions-{agent}"
        )
        labels = one["spec"]["template"]["metadata"]["labels"]
        assert service["spec"]["selector"].items() <= labels.items()
        assert one["spec"]["serviceName"] == service["metadata"]["name"]


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_everything_is_in_the_namespace_that_is_made_for_it(overlay, resources):
    (namespace,) = of(resources, overlay, "Namespace")
    places = {
        one["metadata"].get("namespace")
        for one in resources[overlay]
        if one is not namespace
    }
    assert places == {namespace["metadata"]["name"]}


def test_scaling_goes_by_the_group_and_the_kafka_topic_that_agents_read(resources):
    (settings,) = of(resources, "production", "ConfigMap")
    scaled = of(resources, "production", "ScaledObject")
    assert {one["spec"]["scaleTargetRef"]["name"] for one in scaled} == {
        f"captions-{agent}" for agent in AGENTS
    }
    for one in scaled:
        agent = one["metadata"]["name"].removeprefix("captions-")
        (trigger,) = one["spec"]["triggers"]
        topic = full_name(Settings().prefix, INPUTS[agent][0])
        assert trigger["metadata"]["consumerGroup"] == f"captions-{agent}"
        assert trigger["metadata"]["topic"] == topic
        assert (
            trigger["metadata"]["bootstrapServers"]
            == settings["data"]["CAPTION_BROKER"]
        )
        partitions = int(settings["data"]["CAPTION_PARTITIONS"])
        assert one["spec"]["maxReplicaCount"] == partitions
    for one in of(resources, "production", "StatefulSet"):
        assert "replicas" not in one["spec"]
