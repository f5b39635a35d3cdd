import os
import sys

import pytest
from pydantic import SecretStr

from tests.contract.readme import settings_table
from workers.app import kafka_topics, profile_named
from workers.core.cues import PROFILES, Profile
from workers.settings import (
    Settings,
    SettingsError,
    load_settings,
    metrics_port,
)
from workers.settings.custom_profiles import BUILT_IN, CustomProfile

SECRET = "hunter2-hunter2"


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.upper().startswith("CAPTION_"):
            monkeypatch.delenv(name)


@pytest.fixture
def in_file(tmp_path):
    return (tmp_path / "caption-worker.toml").write_text


def problems(**given):
    with pytest.raises(SettingsError) as caught:
        load_settings(**given)
    assert str(caught.value).splitlines() == caught.value.problems
    return caught.value.problems


def test_options_stand_above_the_environment_above_the_file_above_defaults(
    monkeypatch, in_file
):
    in_file('broker = "file:1"\nprefix = "file"\npartitions = 3\nlog_level = "error"\n')
    monkeypatch.setenv("CAPTION_BROKER", "env:1")
    monkeypatch.setenv("CAPTION_PREFIX", "env")
    found = load_settings(broker="option:1", prefix=None)
    assert (found.broker, found.prefix, found.partitions, found.merge_metrics_port) == (
        "option:1",
        "env",
        3,
        9464,
    )


def test_the_file_can_be_anywhere_and_must_be_there_when_it_is_named(
    monkeypatch, tmp_path
):
    (tmp_path / "other.toml").write_text('profiles = ["bbc", "bbc", "web"]')
    monkeypatch.setenv("CAPTION_CONFIG", str(tmp_path / "other.toml"))
    assert load_settings().profiles == ("bbc", "web")
    monkeypatch.setenv("CAPTION_CONFIG", "absent.toml")
    assert problems() == ["absent.toml: cannot be read: No such file or directory"]


def test_settings_made_directly_do_not_look_around(monkeypatch, in_file):
    in_file("partitions = 3")
    monkeypatch.setenv("CAPTION_PREFIX", "env")
    assert (Settings().partitions, Settings().prefix) == (12, "captions")


def test_lists_switches_and_levels_are_read_as_people_write_them(monkeypatch):
    for name, value in (
        ("CAPTION_PROFILES", " web, bbc,"),
        ("CAPTION_LOG_TEXT", "yes"),
        ("CAPTION_LOG_LEVEL", "WARNING"),
        ("CAPTION_BROKER", "a:1, [::1]:2"),
        ("CAPTION_SILENCE_S", ""),
    ):
        monkeypatch.setenv(name, value)
    found = load_settings()
    assert (found.profiles, found.log_text) == (("web", "bbc"), True)
    assert (found.log_level, found.broker) == ("warning", "a:1,[::1]:2")
    assert found.silence_s == 5


def test_all_that_is_wrong_is_told_at_once_and_where(monkeypatch, in_file):
    in_file('brokr = "a:1"\npartitions = "many"\n[kafka]\nx = 1\n')
    monkeypatch.setenv("CAPTION_PREFX", "x")
    monkeypatch.setenv("CAPTION_SESSION_TIMEOUT_S", "0")
    monkeypatch.setenv("CAPTION_PROFILES", "web,cinema")
    monkeypatch.setenv("CAPTION_SECURITY_PROTOCOL", "SASL_SSL")
    monkeypatch.setenv("CAPTION_TLS_KEY_FILE", "caption-worker.toml")
    monkeypatch.setenv("CAPTION_TLS_CA_FILE", "absent.pem")
    monkeypatch.setenv("CAPTION_PROVIDERS", "google,acme")
    found = problems(broker="localhost", topics_metrics_port=9464)
    expected = [
        "CAPTION_PREFX is not a setting; did you mean CAPTION_PREFIX?",
        "caption-worker.toml: brokr is not a setting; did you mean broker?",
        "caption-worker.toml: kafka is not a setting",
        "caption-worker.toml: partitions: should be a valid integer",
        "CAPTION_SESSION_TIMEOUT_S: should be greater than or equal to 1",
        "CAPTION_PROFILES: should be of bbc, netflix, cea608, web",
        "CAPTION_PROVIDERS: should be some of: assemblyai, aws-call-analytics",
        "broker: should be host:port",
        "topics_metrics_port: is the port of agent merge already",
        "sasl_username: is needed for the protocol SASL_SSL",
        "sasl_password: is needed for the protocol SASL_SSL",
        "CAPTION_TLS_CA_FILE: Path does not point to a file",
        "CAPTION_TLS_KEY_FILE: goes with tls_cert_file",
    ]
    for begin in expected:
        assert sum(line.startswith(begin) for line in found) == 1, begin
    assert len(found) == len(expected)


@pytest.mark.parametrize(
    "content", [b"broker = ", b"\xff", b"a = " + b"[" * 5000, b'"x\\ny" = 1']
)
def test_a_broken_file_is_told_beside_what_else_is_wrong(
    content, monkeypatch, tmp_path
):
    (tmp_path / "caption-worker.toml").write_bytes(content)
    monkeypatch.setenv("CAPTION_PARTITIONS", "0")
    found = problems()
    assert len(found) == 2
    assert sum(line.startswith("caption-worker.toml: ") for line in found) == 1


def test_variables_that_kubernetes_sets_are_no_settings_and_no_mistakes(monkeypatch):
    for name, value in (
        ("CAPTION_WORKER_SERVICE_HOST", "10.0.0.1"),
        ("CAPTION_WORKER_SERVICE_PORT_METRICS", "9464"),
        ("CAPTION_WORKER_PORT", "tcp://10.0.0.1:9464"),
        ("CAPTION_WORKER_PORT_9464_TCP_ADDR", "10.0.0.1"),
    ):
        monkeypatch.setenv(name, value)
    load_settings()
    monkeypatch.setenv("CAPTION_METRICS_PORT", "9464")
    assert problems()[0].startswith("CAPTION_METRICS_PORT is not a setting")


def test_a_password_is_nowhere_to_be_seen(monkeypatch, in_file):
    monkeypatch.setenv("CAPTION_SASL_PASSWORD", SECRET)
    monkeypatch.setenv("CAPTION_SASL_USERNAME", "me")
    found = load_settings(security_protocol="SASL_SSL")
    assert found.sasl_password == SecretStr(SECRET)
    for shown in (repr(found), str(found), found.model_dump_json(), f"{found!r:>5}"):
        assert SECRET not in shown
    monkeypatch.setenv("CAPTION_SASL_PASWORD", SECRET)
    monkeypatch.setenv("CAPTION_SASL_MECHANISM", SECRET)
    monkeypatch.setenv("CAPTION_PARTITIONS", SECRET)
    in_file(
        f'sasl_pasword = "{SECRET}"\nbroker = "{SECRET}"\nretention_days = "{SECRET}"'
    )
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert len(caught.value.problems) == 6
    assert SECRET not in repr(caught.value) + str(caught.value)
    assert caught.value.__context__ is None


def test_a_password_of_the_wrong_kind_is_nowhere_to_be_seen_either(in_file):
    in_file('sasl_password = ["hunter2-hunter2"]')
    assert "hunter2" not in str(problems())


def test_settings_do_not_change():
    with pytest.raises(ValueError, match="frozen"):
        Settings().partitions = 3


def test_the_table_has_a_row_for_each_setting_with_its_default_and_meaning():
    rows = settings_table().splitlines()[2:]
    assert len(rows) == len(Settings.model_fields)
    cells = {row.split(" | ")[0].strip("| `"): row.split(" | ") for row in rows}
    for name, field in Settings.model_fields.items():
        assert cells[name][1] == f"`CAPTION_{name.upper()}`"
        assert len(field.description) > 10
    assert cells["partitions"][2] == "`12`"
    assert cells["sasl_password"][2] == "none"
    assert cells["log_text"][2] == "`false`"
    assert cells["profiles"][2] == "`web`"


def test_the_profiles_that_can_be_set_are_those_that_there_are():
    assert set(BUILT_IN) == set(PROFILES)


def test_providers_are_listed_once_and_none_of_those_in_the_file_can_be_asked_for(
    monkeypatch, in_file
):
    in_file('providers = ["google", "deepgram", "google"]')
    assert load_settings().providers == ("google", "deepgram")
    monkeypatch.setenv("CAPTION_PROVIDERS", "none")
    assert load_settings().providers == ()


def test_the_ports_of_providers_follow_each_other_and_0_takes_any():
    found = Settings(providers=("google", "deepgram"), adapt_metrics_port=9500)
    ports = [
        metrics_port(found, agent)
        for agent in ("merge", "topics", "adapt-google", "adapt-deepgram", "adapt-lca")
    ]
    assert ports == [9464, 9465, 9500, 9501, 9500]
    anywhere = Settings(providers=("google", "deepgram"), adapt_metrics_port=0)
    assert metrics_port(anywhere, "adapt-deepgram") == 0


@pytest.mark.parametrize(
    ("first", "why"), [(9463, "port of agent merge"), (65535, "end beyond 65535")]
)
def test_the_ports_of_providers_are_nobody_elses_and_exist(first, why):
    (found,) = problems(providers="google,deepgram", adapt_metrics_port=first)
    assert why in found


WALL = """
profiles = ["web", "wall"]
[custom_profiles.wall]
max_chars = 24
max_lines = 3
max_cps = 15
min_duration_s = 1.5
max_duration_s = 6
speakers = "dashes"
place = "top"
"""


def test_a_custom_profile_has_the_fields_and_defaults_of_a_profile():
    custom = CustomProfile(max_chars=24, max_lines=3)
    made = Profile(name="wall", **custom.model_dump())
    assert made == Profile(name="wall", max_chars=24, max_lines=3)
    fields = {"name", *CustomProfile.model_fields}
    assert fields == set(Profile.__struct_fields__)


def test_a_profile_of_ones_own_stands_in_the_file_or_as_json_in_the_variable(
    monkeypatch, in_file
):
    in_file(WALL)
    wall = profile_named(load_settings(), "wall")
    assert (wall.max_chars, wall.min_duration_s, wall.place) == (24, 1.5, "top")
    assert wall.text_chars == 22
    assert profile_named(load_settings(), "bbc") is PROFILES["bbc"]
    monkeypatch.setenv(
        "CAPTION_CUSTOM_PROFILES", '{"wall": {"max_chars": 9, "max_lines": 1}}'
    )
    wall = profile_named(load_settings(profiles=("wall",)), "wall")
    assert wall == Profile(name="wall", max_chars=9, max_lines=1)


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ("[custom_profiles.a]\nmax_chars=9", ".a.max_lines: Field required"),
        (
            "[custom_profiles.a]\nmax_chars=2\nmax_lines=1",
            ".a.max_chars: should be greater than or equal to 4",
        ),
        (
            "[custom_profiles.a]\nmax_chars=9\nmax_lines=1\nmax_cp=3",
            ".a.max_cp is not a field of a profile; did you mean max_cps?",
        ),
        (
            "[custom_profiles]\na.max_chars=9\na.max_lines=1\na.min_duration_s=3\n\
a.max_duration_s=2",
            ".a.max_duration_s: is less than min_duration_s",
        ),
        (
            '[custom_profiles.a]\nmax_chars=9\nmax_lines=1\nspeakers="together"',
            ".a.speakers: together needs max_lines of 2 or more",
        ),
        (
            "[custom_profiles.a]\nmax_chars=9\nmax_lines=1\nmax_cps=nan",
            ".a.max_cps: should be a finite number",
        ),
        (
            "[custom_profiles.bbc]\nmax_chars=9\nmax_lines=1",
            ": bbc is a profile already; take another name",
        ),
        (
            '[custom_profiles."a b"]\nmax_chars=9\nmax_lines=1',
            ": names begin with a to z, go on with those, 0 to 9, _ and -, and have \
at most 32 letters",
        ),
        (
            "custom_profiles = 3",
            ": should be a valid dictionary",
        ),
    ],
)
def test_what_is_wrong_with_a_custom_profile_is_one_line_with_file_and_field(
    table, problem, in_file
):
    in_file(table)
    assert problems() == [f"caption-worker.toml: custom_profiles{problem}"]


def test_json_that_is_none_is_told_and_not_shown(monkeypatch):
    monkeypatch.setenv("CAPTION_CUSTOM_PROFILES", "{hunter2")
    assert problems() == [
        "CAPTION_CUSTOM_PROFILES: should be JSON: one object a profile, by its name"
    ]
    monkeypatch.setenv("CAPTION_CUSTOM_PROFILES", '{"a": {"max_chars": "hunter2"}}')
    found = problems()
    assert found[0].startswith("CAPTION_CUSTOM_PROFILES.a.max_chars: should be")
    assert "hunter2" not in str(found)


def test_a_profile_nobody_knows_is_told_with_those_that_there_are(in_file):
    in_file(WALL.replace('"wall"]', '"walls"]'))
    assert problems() == [
        "caption-worker.toml: profiles: should be of bbc, netflix, cea608, web, wall"
    ]


def test_retention_is_set_by_kafka_topic_in_the_file_or_the_variable(
    monkeypatch, in_file
):
    in_file("retention_days = 3\n[topic_retention_days]\nsegments = 1\n")
    kept = {topic.name: topic.retention_ms for topic in kafka_topics(load_settings())}
    assert kept["captions.segments.v1"] == 86_400_000
    assert kept["captions.captions.v1"] == 3 * 86_400_000
    assert kept["captions.merge.state.v1"] is None
    monkeypatch.setenv("CAPTION_TOPIC_RETENTION_DAYS", "rejected=30, cues=0.5")
    assert load_settings().topic_retention_days == {"rejected": 30.0, "cues": 0.5}


def test_retention_of_no_kafka_topic_of_messages_is_refused(monkeypatch):
    for wrong in ("subtitles=1", "merge.state=1", "segments", "segments=-1"):
        monkeypatch.setenv("CAPTION_TOPIC_RETENTION_DAYS", wrong)
        assert problems()


def test_the_token_of_the_view_is_nowhere_to_be_seen(monkeypatch):
    monkeypatch.setenv("CAPTION_VIEW_TOKEN", "canary canary canary")
    settings = load_settings()
    assert "canary" not in f"{settings!r}{settings}{settings.model_dump()}"
    monkeypatch.setenv("CAPTION_VIEW_TOKEN", "short canary")
    assert problems() == ["CAPTION_VIEW_TOKEN: should have 16 characters or more"]


@pytest.mark.parametrize(
    "origin", ["player.example", "https://a.example/", "*", "null"]
)
def test_an_origin_is_a_scheme_and_a_name_and_nothing_else(origin):
    (problem,) = problems(view_origins=origin)
    assert "https://name" in problem


def test_names_of_the_view_are_told_from_each_other_by_no_capital(monkeypatch):
    monkeypatch.setenv("CAPTION_VIEW_HOSTS", "Captions.Example, wall")
    assert load_settings().view_hosts == ("captions.example", "wall")


def test_a_service_of_kubernetes_named_after_the_view_is_no_setting(monkeypatch):
    monkeypatch.setenv("CAPTION_VIEW_PORT", "tcp://10.0.0.7:8077")
    monkeypatch.setenv("CAPTION_VIEW_SERVICE_HOST", "10.0.0.7")
    assert load_settings().view_http_port == 8077


def test_spans_without_what_sends_them_are_refused_at_the_start(monkeypatch):
    endpoint = "http://127.0.0.1:4318/v1/traces"
    assert str(load_settings(trace_endpoint=endpoint).trace_endpoint) == endpoint
    for module in ("proto", "proto.http"):
        name = f"opentelemetry.exporter.otlp.{module}"
        monkeypatch.setitem(sys.modules, name, None)
    assert problems(trace_endpoint=endpoint, trace_ratio=2) == [
        "trace_endpoint: needs the extra: pip install 'caption-worker[tracing]'",
        "trace_ratio: should be less than or equal to 1",
    ]
    assert load_settings().trace_endpoint is None


@pytest.mark.parametrize("endpoint", ["collector:4318", "file:///spans", "http://"])
def test_spans_go_to_an_address_of_http(endpoint):
    assert len(problems(trace_endpoint=endpoint)) == 1
