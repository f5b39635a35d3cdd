"""All Kafka clients of the worker are made here, with the same TLS and SASL."""

import ssl
from functools import cached_property
from typing import Any, Literal

import msgspec
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient

from workers.delivery.batches import read_carefully

SecurityProtocol = Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"]
SaslMechanism = Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"]


class Connection(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """How to reach Kafka; what is secret in it is not in its repr."""

    bootstrap: str
    """``host:port``, several with commas."""
    security_protocol: SecurityProtocol = "PLAINTEXT"
    sasl_mechanism: SaslMechanism = "SCRAM-SHA-512"
    username: str | None = None
    password: str | None = None
    cafile: str | None = None
    """Who signed the brokers; the system's authorities where it is None."""
    certfile: str | None = None
    """The worker's own certificate, where the brokers ask for one."""
    keyfile: str | None = None
    client_id: str = "caption-worker"

    def __repr__(self) -> str:
        """Tell where to and how, and nothing that opens a door."""
        user = f" as {self.username}" if self.username else ""
        return f"<Connection to {self.bootstrap} by {self.security_protocol}{user}>"

    def __rich_repr__(self) -> Any:
        """Keep the password out of rich's repr too."""
        yield self.bootstrap
        yield self.security_protocol

    @property
    def servers(self) -> list[str]:
        """The brokers to ask first."""
        return [server.strip() for server in self.bootstrap.split(",")]

    @property
    def asks_who(self) -> bool:
        """Whether Kafka knows who we are, so that rights may be missing."""
        return self.security_protocol != "PLAINTEXT"

    @cached_property
    def ssl_context(self) -> ssl.SSLContext | None:
        """The TLS context, None without TLS."""
        if not self.security_protocol.endswith("SSL"):
            return None
        context = ssl.create_default_context(cafile=self.cafile)
        if self.certfile is not None:
            context.load_cert_chain(self.certfile, self.keyfile)
        return context

    def producer(self, **options: Any) -> AIOKafkaProducer:
        """Return a producer, not started; it acknowledges what all replicas have."""
        return AIOKafkaProducer(**self._common(), acks="all", **options)

    def consumer(self, **options: Any) -> AIOKafkaConsumer:
        """Return a consumer, not started; it sees committed records only."""
        read_carefully()
        return AIOKafkaConsumer(
            **self._common(),
            isolation_level="read_committed",
            enable_auto_commit=False,
            **options,
        )

    def admin(self, **options: Any) -> AIOKafkaAdminClient:
        """Return an administrator, not started."""
        return AIOKafkaAdminClient(**self._common(), **options)

    def _common(self) -> dict[str, Any]:
        common: dict[str, Any] = {
            "bootstrap_servers": self.servers,
            "client_id": self.client_id,
            "security_protocol": self.security_protocol,
            "ssl_context": self.ssl_context,
        }
        if self.security_protocol.startswith("SASL"):
            common |= {
                "sasl_mechanism": self.sasl_mechanism,
                "sasl_plain_username": self.username,
                "sasl_plain_password": self.password,
            }
        return common
