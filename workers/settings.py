"""What may be set: ``CAPTION_*`` variables over a TOML file over defaults.

Each setting is one field here; its README row is made from it. The module is long for
that reason: half of it is the fields and what they mean, told once.
"""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    FilePath,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from schemas.kafka_topics import ADAPT, ALL, adapt_agent, provider_topic
from workers import custom_profiles, watch_words
from workers.adapters.providers.registry import PROVIDERS
from workers.custom_profiles import CustomProfile

PREFIX = "CAPTION_"
CONFIG_VARIABLE = "CAPTION_CONFIG"
CONFIG_FILE = Path("caption-worker.toml")
"""Read from the working folder, if it is there and no other file is named."""

NO_PROVIDERS = "none"
"""An empty variable counts as not set; this says "none of those in the file"."""
LAST_PORT = 65535
SHORTEST_TOKEN = 16

Port = Annotated[int, Field(ge=0, le=65535)]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]

Days = Annotated[float, Field(gt=0, le=3650, allow_inf_nan=False)]

_SERVER = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):\d{1,5}")
_ORIGIN = re.compile(r"https?://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?")
_SERVICE_LINK = re.compile(
    r"_SERVICE_HOST$|_SERVICE_PORT(_\w+)?$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$"
)


class SettingsError(Exception):
    """Settings that cannot be used; one line for each thing that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class Settings(BaseSettings):
    """Everything that may be set. Made directly, it takes what it is given only."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=True,
    )

    broker: str = Field(
        "127.0.0.1:9092",
        description="Kafka servers to begin with: `host:port`, separated by commas.",
    )
    prefix: str = Field(
        "captions",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$",
        description="Begins the name of each Kafka topic, group and transaction.",
    )
    partitions: int = Field(
        12,
        ge=1,
        le=1000,
        description="Partitions of each Kafka topic when it is created; not to be "
        "changed while streams are alive.",
    )
    replication_factor: int = Field(
        1,
        ge=1,
        le=10,
        description="Copies of each Kafka topic when it is created; 3 in production.",
    )
    retention_days: float = Field(
        7,
        gt=0,
        le=3650,
        description="How long the Kafka topics of messages keep them, at least; "
        "state is kept while its stream is alive.",
    )
    topic_retention_days: Annotated[dict[str, Days], NoDecode] = Field(
        {},
        description="The same for single Kafka topics, such as `segments` or "
        "`rejected`: a table in the file, `segments=1,rejected=30` in the variable.",
    )
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = (
        Field("PLAINTEXT", description="How to speak to Kafka.")
    )
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = Field(
        "PLAIN", description="How to log in, with a `SASL_…` protocol."
    )
    sasl_username: str | None = Field(None, description="Who logs in.")
    sasl_password: SecretStr | None = Field(
        None, description="The password; never printed."
    )
    tls_ca_file: FilePath | None = Field(
        None,
        description="Certificates to trust (PEM), with an `…SSL` protocol; else those "
        "of the system.",
    )
    tls_cert_file: FilePath | None = Field(
        None, description="Our certificate (PEM), where Kafka asks for one."
    )
    tls_key_file: FilePath | None = Field(
        None, description="The key of our certificate (PEM)."
    )
    group_instance_id: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9._-]{1,200}$",
        description="A name that stays with this process over restarts, such as its "
        "pod's: its partitions wait for it, and it is back sooner.",
    )
    session_timeout_s: float = Field(
        6.0,
        ge=1,
        le=300,
        description="After this long without a sign of life its partitions go to "
        "another process.",
    )
    max_turn_records: int = Field(
        2000, ge=1, le=100_000, description="Records read, at most, in one turn."
    )
    lateness_s: float = Field(
        2.0,
        ge=0,
        le=60,
        allow_inf_nan=False,
        description="Finals that come later than this after their media time become "
        "captions marked `late`.",
    )
    silence_s: Seconds = Field(
        5.0,
        description="After this long without news, open captions are closed; never "
        "below 15 s for a recogniser that sends no guesses.",
    )
    life_silence_s: Seconds = Field(
        900.0, description="After this long without news, a stream has ended."
    )
    gravestone_s: Seconds = Field(
        3600.0,
        description="How long an ended stream is remembered, so that segments sent "
        "again do not open it anew.",
    )
    custom_profiles: Annotated[dict[str, CustomProfile], NoDecode] = Field(
        {},
        description="Profiles of your own, each a table `[custom_profiles.<name>]` "
        "with the fields below; in the variable JSON, one object a profile.",
    )
    profiles: Annotated[tuple[str, ...], NoDecode] = Field(
        ("web",),
        min_length=1,
        max_length=8,
        description="Profiles to cut cues for: `bbc`, `netflix`, `cea608`, `web` and "
        "your own; a list in the file, separated by commas in the variable.",
    )
    providers: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Recognisers whose own messages come on Kafka topics, such as "
        "`deepgram`: each gets an agent `adapt`; a list in the file, separated by "
        "commas in the variable, `none` for none.",
    )
    mask_words: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Words that are masked in captions and cues, as `w***`, whatever "
        "their case; `word*` is all that begins so. A list in the file, separated by "
        "commas in the variable. What was said is kept in `unmasked_text`.",
    )
    mask_words_file: FilePath | None = Field(
        None,
        description="A file of more such words, one a line; lines that begin with `#` "
        "are comments.",
    )
    sentences_per_topic: int = Field(
        100,
        ge=5,
        le=10_000,
        description="How long topics usually are; more makes changes rarer.",
    )
    minutes_per_topic: float | None = Field(
        None,
        ge=0.5,
        le=240,
        allow_inf_nan=False,
        description="How long topics usually are, by the pace of each stream; stands "
        "above `sentences_per_topic`.",
    )
    watch_words: Annotated[dict[str, tuple[str, ...]], NoDecode] = Field(
        {},
        description="Phrases to watch for in final captions, a list a name, in the "
        "table `[watch_words]`; `refund*` is all words that begin so, `/case \\d+/` a "
        "pattern of RE2. In the variable JSON.",
    )
    metrics_host: str = Field(
        "127.0.0.1",
        min_length=1,
        description="Address for metrics; `0.0.0.0` inside a container.",
    )
    merge_metrics_port: Port = Field(
        9464, description="Port of agent `merge` for metrics; 0 takes any."
    )
    topics_metrics_port: Port = Field(
        9465, description="Port of agent `topics` for metrics; 0 takes any."
    )
    adapt_metrics_port: Port = Field(
        9466,
        description="Port of agent `adapt` of the first of `providers`, for metrics; "
        "those of the others follow it; 0 takes any.",
    )
    ready_lag_s: Seconds = Field(
        30.0,
        description="An agent with a partition further behind than this is not ready.",
    )
    view_host: str = Field(
        "127.0.0.1",
        min_length=1,
        description="Address of the live page; `0.0.0.0` inside a container, then with "
        "`view_hosts`, and best with a token.",
    )
    view_http_port: Port = Field(
        8077, description="Port of the live page; 0 takes any."
    )
    view_token: SecretStr | None = Field(
        None,
        description="What has to be shown to the live page and its API; never printed. "
        "None: nothing.",
    )
    view_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Names by which browsers ask for the live page, such as "
        "`captions.example.org`; those of loopback are known; `*` is any.",
    )
    view_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        (),
        description="Origins of pages that may use the API or show the live page "
        "inside their own, such as `https://player.example.org`.",
    )
    view_max_clients: int = Field(
        2000, ge=1, le=100_000, description="Clients that follow streams at a time."
    )
    view_memory_mib: int = Field(
        256,
        ge=16,
        le=65536,
        description="Memory for all streams of the live page; beyond it, those that "
        "ended longest ago are forgotten.",
    )
    view_history_hours: float = Field(
        12,
        gt=0,
        le=3650 * 24,
        description="How far back the live page reads when it starts.",
    )
    log_format: Literal["auto", "json", "text"] = Field(
        "auto",
        description="`json` is one line an event; `auto` is `text` on a terminal, "
        "else `json`.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="The least that is logged."
    )
    log_text: bool = Field(
        False,
        description="Whether logs may hold what was said.",
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Take what is given; :func:`load_settings` puts the sources in order."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)

    @field_validator(
        "profiles",
        "providers",
        "mask_words",
        "view_hosts",
        "view_origins",
        mode="before",
    )
    @classmethod
    def _parts(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("profiles", "providers", "view_hosts", "view_origins")
    @classmethod
    def _once(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys(value))

    @field_validator("providers")
    @classmethod
    def _known_providers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if value == (NO_PROVIDERS,):
            return ()
        if any(name not in PROVIDERS for name in value):
            raise ValueError(f"should be some of: {', '.join(sorted(PROVIDERS))}")
        return value

    @field_validator("profiles")
    @classmethod
    def _known_profiles(
        cls, value: tuple[str, ...], info: ValidationInfo
    ) -> tuple[str, ...]:
        custom_profiles.check_chosen(value, info.data.get("custom_profiles"))
        return value

    @field_validator("custom_profiles", mode="before")
    @classmethod
    def _from_variable(cls, value: Any) -> Any:
        return custom_profiles.from_variable(value) if isinstance(value, str) else value

    @field_validator("watch_words", mode="before")
    @classmethod
    def _watched_from_variable(cls, value: Any) -> Any:
        return watch_words.from_variable(value) if isinstance(value, str) else value

    @field_validator("watch_words")
    @classmethod
    def _watchable(cls, value: dict[str, tuple[str, ...]]) -> Any:
        watch_words.check(value)
        return value

    @field_validator("custom_profiles")
    @classmethod
    def _named(cls, value: dict[str, CustomProfile]) -> dict[str, CustomProfile]:
        custom_profiles.check_names(value)
        return value

    @field_validator("topic_retention_days", mode="before")
    @classmethod
    def _pairs(cls, value: Any) -> Any:
        if isinstance(value, str):
            parts = (part.partition("=") for part in value.split(",") if part.strip())
            return {name.strip(): days.strip() for name, _, days in parts}
        return value

    @field_validator("topic_retention_days")
    @classmethod
    def _known_topics(cls, value: dict[str, float]) -> dict[str, float]:
        known = {topic.short_name for topic in ALL if not topic.compacted}
        known |= {provider_topic(name).short_name for name in PROVIDERS}
        if any(name not in known for name in value):
            of_all = sorted(name for name in known if "." not in name)
            names = ", ".join([*of_all, "provider.<name>"])
            raise ValueError(f"should name some of: {names}")
        return value

    @field_validator("view_token")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < SHORTEST_TOKEN:
            raise ValueError(f"should have {SHORTEST_TOKEN} characters or more")
        return value

    @field_validator("view_hosts")
    @classmethod
    def _lower_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name.lower() for name in value)

    @field_validator("view_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(map(_ORIGIN.fullmatch, value)):
            raise ValueError("should be https://name, or several separated by commas")
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value

    @field_validator("broker")
    @classmethod
    def _servers(cls, value: str) -> str:
        servers = [server.strip() for server in value.split(",")]
        if not all(map(_SERVER.fullmatch, servers)):
            raise ValueError("should be host:port, or several separated by commas")
        return ",".join(servers)

    @field_validator("sasl_username", "sasl_password")
    @classmethod
    def _needed_to_log_in(cls, value: Any, info: ValidationInfo) -> Any:
        protocol = info.data.get("security_protocol", "")
        if value is None and protocol.startswith("SASL"):
            raise ValueError(f"is needed for the protocol {protocol}")
        return value

    @field_validator("tls_key_file")
    @classmethod
    def _with_its_certificate(cls, value: Any, info: ValidationInfo) -> Any:
        if "tls_cert_file" in info.data:
            certificate = info.data["tls_cert_file"]
            if (value is None) != (certificate is None):
                raise ValueError("goes with tls_cert_file: set both or none")
        return value

    @field_validator("topics_metrics_port")
    @classmethod
    def _port_of_its_own(cls, value: int, info: ValidationInfo) -> int:
        if value and value == info.data.get("merge_metrics_port"):
            raise ValueError("is the port of agent merge already")
        return value

    @field_validator("adapt_metrics_port")
    @classmethod
    def _ports_of_their_own(cls, value: int, info: ValidationInfo) -> int:
        ports = range(value, value + len(info.data.get("providers", ())))
        for agent in ("merge", "topics"):
            if value and info.data.get(f"{agent}_metrics_port") in ports:
                raise ValueError(f"the port of agent {agent} is one of these already")
        if ports and ports[-1] > LAST_PORT:
            raise ValueError(f"the ports of {len(ports)} agents end beyond {LAST_PORT}")
        return value


def load_settings(**given: Any) -> Settings:
    """Read the settings of this process.

    Args:
        given: What stands above the environment, such as options of a command; None
            is not given.

    Raises:
        SettingsError: With all that is wrong: the file, names nobody knows, values.
    """
    problems: list[str] = []
    in_file = _in_file(problems)
    in_environment = EnvSettingsSource(Settings)()
    over = {name: value for name, value in given.items() if value is not None}
    problems += _unknown_variables(os.environ)
    sources = {
        **dict.fromkeys(in_file, f"{_config_path()}: "),
        **{name: variable(name) for name in in_environment},
        **dict.fromkeys(over, ""),
    }
    try:
        settings = Settings(**(in_file | in_environment | over))
    except ValidationError as error:
        problems += _wrong_values(error, sources)
    if problems:
        raise SettingsError(problems)
    return settings


def metrics_port(settings: Settings, agent: str) -> int:
    """Return the port of an agent for metrics; 0 is any.

    Those of agents ``adapt`` follow each other as the providers do; one whose provider
    is not set, since it is run by itself, has the first.
    """
    if agent == "merge":
        return settings.merge_metrics_port
    if agent == "topics":
        return settings.topics_metrics_port
    first = settings.adapt_metrics_port
    agents = [adapt_agent(one) for one in settings.providers]
    return first + agents.index(agent) if first and agent in agents else first


def metrics_setting(agent: str) -> str:
    """Return the variable that sets an agent's port for metrics."""
    name = ADAPT if agent.startswith(f"{ADAPT}-") else agent
    return variable(f"{name}_metrics_port")


def variable(name: str) -> str:
    """Return the environment variable of a setting."""
    return f"{PREFIX}{name.upper()}"


def _config_path() -> Path:
    return Path(os.environ.get(CONFIG_VARIABLE) or CONFIG_FILE)


def _in_file(problems: list[str]) -> dict[str, Any]:
    """Read the settings file; what is wrong with it goes to *problems*."""
    path = _config_path()
    if not os.environ.get(CONFIG_VARIABLE) and not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        problems.append(f"{path}: cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        problems.append(f"{path}: byte {error.start} is not UTF-8")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problems.append(f"{path}: not TOML: {error}")
    return {}


def _unknown_variables(environ: Mapping[str, str]) -> Iterator[str]:
    known = {variable(name) for name in Settings.model_fields} | {CONFIG_VARIABLE}
    for name, value in sorted(environ.items()):
        upper = name.upper()
        if upper in known or not upper.startswith(PREFIX):
            continue
        # Kubernetes tells every container of a service named caption-… where it is.
        tells_service = upper.endswith("_PORT") and value.startswith("tcp://")
        if not tells_service and not _SERVICE_LINK.search(upper):
            yield f"{_shown(name)} is not a setting{_meant(upper, known)}"


def _wrong_values(error: ValidationError, sources: Mapping[str, str]) -> Iterator[str]:
    """Say what is wrong with each value, and never the value: it may be a secret."""
    for problem in error.errors(
        include_url=False, include_context=False, include_input=False
    ):
        name, *inside = map(str, problem["loc"])
        where = sources.get(name, "") or name
        if where.endswith(": "):
            where += _shown(name)
        if name == "custom_profiles" and inside:
            where += "".join(f".{_shown(part)}" for part in inside)
        if problem["type"] != "extra_forbidden":
            yield f"{where}: {problem['msg'].removeprefix('Value error, ')}"
        elif inside:
            meant = _meant(inside[-1], CustomProfile.model_fields)
            yield f"{where} is not a field of a profile{meant}"
        else:
            yield f"{where} is not a setting{_meant(name, Settings.model_fields)}"


def _meant(name: str, known: Mapping[str, Any] | set[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _shown(name: str) -> str:
    return name if name.isprintable() else ascii(name)
