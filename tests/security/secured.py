"""A Kafka that asks who one is: TLS with self-made certificates, SCRAM, rights."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme
from aiokafka.protocol.admin import CreateAclsRequest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from workers.broker import EmbeddedKafka
from workers.broker.ports import LOOPBACK, free_ports
from workers.delivery.clients import Connection

USER, PASSWORD = "scram-user", "secret-canary-of-the-broker"


class Certificates:
    """Who signs, and what they have signed, as files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._authority = trustme.CA()
        self.authority = self._write("authority", self._authority.cert_pem.bytes())
        self.stranger = self._write("stranger", trustme.CA().cert_pem.bytes())

    def issue(self, name: str, host: str, *, days: float = 30) -> tuple[Path, Path]:
        """Return the files of a certificate and its key.

        Args:
            name: Whom it is of; Kafka takes it as the user.
            host: Where it may stand.
            days: How long from now it is good, below 0 for one that was.
        """
        until = datetime.now(UTC) + timedelta(days=days)
        issued = self._authority.issue_cert(host, common_name=name, not_after=until)
        key = load_pem_private_key(issued.private_key_pem.bytes(), None)
        # Java reads keys in this form only.
        plain = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        chain = b"".join(blob.bytes() for blob in issued.cert_chain_pems)
        return self._write(name, chain), self._write(f"{name}-key", plain)

    def store(self, name: str, host: str, *, days: float = 30) -> Path:
        """Return the file of a certificate together with its key."""
        certificate, key = self.issue(name, host, days=days)
        return self._write(f"{name}-store", key.read_bytes() + certificate.read_bytes())

    def _write(self, name: str, data: bytes) -> Path:
        path = self.folder / f"{name}.pem"
        path.write_bytes(data)
        return path


class SecuredKafka:
    """A broker with four doors: plain on loopback for us, TLS with a certificate of
    the client's own, TLS with a password, and one whose certificate has expired."""

    def __init__(self, certificates: Certificates) -> None:
        store = certificates.store("broker", LOOPBACK)
        expired = certificates.store("expired", LOOPBACK, days=-1)
        ports = free_ports()
        self.tls_port, self.sasl_port = next(ports), next(ports)
        self.expired_port = next(ports)
        listeners = (
            f"PLAINTEXT://{LOOPBACK}:{{port}},CONTROLLER://{LOOPBACK}:{{controller_port}},"
            f"SSL://{LOOPBACK}:{self.tls_port},SASL_SSL://{LOOPBACK}:{self.sasl_port},"
            f"EXPIRED://{LOOPBACK}:{self.expired_port}"
        )
        self.kafka = EmbeddedKafka(
            properties={
                "listeners": listeners,
                "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,"
                "PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_SSL:SASL_SSL,"
                "EXPIRED:SSL",
                "listener.name.expired.ssl.keystore.type": "PEM",
                "listener.name.expired.ssl.keystore.location": str(expired),
                "ssl.keystore.type": "PEM",
                "ssl.keystore.location": str(store),
                "ssl.truststore.type": "PEM",
                "ssl.truststore.location": str(certificates.authority),
                "listener.name.ssl.ssl.client.auth": "required",
                "ssl.principal.mapping.rules": "RULE:^.*CN=([^,]+).*$/$1/",
                "sasl.enabled.mechanisms": "SCRAM-SHA-512",
                "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": (
                    "org.apache.kafka.common.security.scram.ScramLoginModule required;"
                ),
                "authorizer.class.name": (
                    "org.apache.kafka.metadata.authorizer.StandardAuthorizer"
                ),
                # Whoever comes by the plain door; it is the tests' own.
                "super.users": "User:ANONYMOUS",
            },
            format_options=[
                "--add-scram",
                f"SCRAM-SHA-512=[name={USER},password={PASSWORD}]",
            ],
        )

    @property
    def tls(self) -> str:
        return f"{LOOPBACK}:{self.tls_port}"

    @property
    def expired(self) -> str:
        return f"{LOOPBACK}:{self.expired_port}"

    @property
    def sasl(self) -> str:
        return f"{LOOPBACK}:{self.sasl_port}"


KINDS = {"topic": 2, "group": 3, "cluster": 4, "transactional-id": 5}
PATTERNS = {"literal": 3, "prefixed": 4}
OPERATIONS = {
    "Read": 3,
    "Write": 4,
    "Create": 5,
    "Describe": 8,
    "DescribeConfigs": 10,
}
ALLOW = 3


async def grant(connection: Connection, principal: str, rights: Iterable) -> None:
    """Give a user rights, as `kafka-acls --add` does."""
    admin = connection.admin()
    await admin.start()
    try:
        for right in rights:
            for operation in right.operations:
                response = await admin._send_request(
                    CreateAclsRequest(
                        KINDS[right.kind],
                        right.name,
                        PATTERNS[right.pattern],
                        principal,
                        "*",
                        OPERATIONS[operation],
                        ALLOW,
                    )
                )
                assert [code for code, _ in response.creation_responses] == [0]
    finally:
        await admin.close()
