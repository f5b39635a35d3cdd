"""What may be set about Kafka: where it is, what is on it, how we read it."""

import re
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    Field,
    FilePath,
    SecretStr,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import NoDecode

from schemas.kafka_topics import ALL, provider_topic
from workers.adapters.providers.registry import PROVIDERS
from workers.settings.kinds import Days

_SERVER = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+):\d{1,5}")


class KafkaSettings(BaseModel):
    """Kafka, its topics, and our place in the group."""

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
        2000,
        ge=1,
        le=100_000,
        description="Records read, at most, in one turn; in a backlog, while turns are "
        "quick, of each partition.",
    )
    rejected_limit: float = Field(
        1.0,
        gt=0,
        le=1,
        description="When more than this share of the last 1,000 records of a "
        "partition was rejected, and 100 at least, it rests for 30 s, again and again; "
        "1 is never.",
    )

    @field_validator("broker")
    @classmethod
    def _servers(cls, value: str) -> str:
        servers = [server.strip() for server in value.split(",")]
        if not all(map(_SERVER.fullmatch, servers)):
            raise ValueError("should be host:port, or several separated by commas")
        return ",".join(servers)

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
