"""The worker on a Kafka that asks who one is, with exactly the rights it needs."""

import asyncio
import os
import signal
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from aiokafka.errors import KafkaError, TopicAuthorizationFailedError

from schemas.codec import encode
from schemas.kafka_topics import ALL, CORRECTIONS, SEGMENTS
from tests.end_to_end.stage import end_of, talk
from tests.kafka_log import read, until
from tests.security.secured import PASSWORD, USER, Certificates, SecuredKafka, grant
from workers.app import check, connection, kafka_topics, prepare
from workers.cli.errors import lines
from workers.cli.quiet import quiet_clients
from workers.cli.watch.following import lags
from workers.delivery.clients import Connection
from workers.delivery.exits import Exit
from workers.delivery.kafka_topics import TopicsError, check_topics
from workers.delivery.position import POSITION_KEY, Position, encode_position
from workers.rights import (
    BACKEND,
    OPERATOR,
    READER,
    rights_of_agent,
    rights_of_others,
)
from workers.settings import Settings
from workers.view.positions import READ

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory):
    return Certificates(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def secured(certificates):
    secured = SecuredKafka(certificates)
    with secured.kafka:
        yield secured


class Place:
    """Kafka topics of one test, and processes that work on them over TLS."""

    def __init__(self, secured, certificates, folder):
        self.secured, self.certificates, self.folder = secured, certificates, folder
        self.prefix = f"secured-{uuid.uuid4().hex[:8]}"
        self.settings = Settings(
            broker=secured.kafka.bootstrap, prefix=self.prefix, partitions=1
        )
        self.plain = connection(self.settings)
        self.processes = []

    async def grant(self, user, rights):
        await grant(self.plain, f"User:{user}", rights)

    def settings_of(self, user, **more):
        """Return the settings of a user who has a certificate."""
        certificate, key = self.certificates.issue(user, "127.0.0.1")
        return Settings(
            broker=self.secured.tls,
            prefix=self.prefix,
            partitions=1,
            **more,
            security_protocol="SSL",
            tls_ca_file=self.certificates.authority,
            tls_cert_file=certificate,
            tls_key_file=key,
        )

    def start(self, user, *arguments, **other):
        """Start a command as a user who has a certificate, or by other variables."""
        certificate, key = self.certificates.issue(user, "127.0.0.1")
        log = self.folder / f"{user}.log"
        variables = {
            "CAPTION_BROKER": self.secured.tls,
            "CAPTION_PREFIX": self.prefix,
            "CAPTION_SECURITY_PROTOCOL": "SSL",
            "CAPTION_TLS_CA_FILE": str(self.certificates.authority),
            "CAPTION_TLS_CERT_FILE": str(certificate),
            "CAPTION_TLS_KEY_FILE": str(key),
            "CAPTION_MERGE_METRICS_PORT": "0",
            "CAPTION_LOG_FORMAT": "json",
        } | other
        with log.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "workers", *arguments],
                stdout=file,
                stderr=file,
                cwd=ROOT,
                env={**os.environ, **variables},
            )
        self.processes.append(process)
        return process, log

    async def say(self, as_user):
        """Send a short talk by the door for passwords, as another user."""
        producer = as_user.producer()
        await producer.start()
        try:
            for one in [*talk("a", 20), end_of("a")]:
                key = one.stream_id.encode()
                await producer.send_and_wait(
                    f"{self.prefix}.segments.v1", encode(one), key=key
                )
        finally:
            await producer.stop()

    async def leave_state(self):
        """Leave a position, as a worker before would have."""
        producer = self.plain.producer()
        await producer.start()
        try:
            await producer.send_and_wait(
                f"{self.prefix}.merge.state.v1",
                encode_position(Position()),
                key=POSITION_KEY,
            )
        finally:
            await producer.stop()

    def close(self):
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()


@pytest.fixture
def place(secured, certificates, tmp_path):
    place = Place(secured, certificates, tmp_path)
    yield place
    place.close()


def command_line(process):
    """Return what every user of this machine can see of a process."""
    return Path(f"/proc/{process.pid}/cmdline").read_text()


def by_password(secured, certificates, **other):
    return Connection(
        **{
            "bootstrap": secured.sasl,
            "security_protocol": "SASL_SSL",
            "cafile": str(certificates.authority),
            "username": USER,
            "password": PASSWORD,
            **other,
        }
    )


async def test_with_exactly_these_rights_an_agent_works_and_shows_no_secret(
    place, secured, certificates
):
    await prepare(place.settings)
    await place.grant(USER, rights_of_agent(place.settings, "merge"))
    await place.grant(USER, rights_of_others(place.settings)[BACKEND])
    await place.say(by_password(secured, certificates))
    process, log = place.start(
        "merge",
        *("run", "--agent", "merge"),
        CAPTION_BROKER=secured.sasl,
        CAPTION_SECURITY_PROTOCOL="SASL_SSL",
        CAPTION_SASL_MECHANISM="SCRAM-SHA-512",
        CAPTION_SASL_USERNAME=USER,
        CAPTION_SASL_PASSWORD=PASSWORD,
        CAPTION_LOG_LEVEL="debug",
    )

    async def has_spoken():
        return bool((await read(place.plain, f"{place.prefix}.captions.v1", 1))[0])

    await until(has_spoken)
    assert PASSWORD not in command_line(process)
    process.send_signal(signal.SIGTERM)
    assert await asyncio.to_thread(process.wait, 40) == Exit.OK, log.read_text()
    assert "ot authorized" not in log.read_text()
    assert PASSWORD not in log.read_text()
    assert "old mill" not in log.read_text()


@pytest.mark.parametrize("agent", ["merge", "topics", "adapt-deepgram"])
async def test_with_exactly_its_rights_an_agent_over_mutual_tls_finds_all_it_needs(
    place, agent
):
    providers = ("deepgram",)
    settings = place.settings.model_copy(update={"providers": providers})
    await prepare(settings)
    user = f"agent-{uuid.uuid4().hex[:8]}"
    await place.grant(user, rights_of_agent(settings, agent))
    await check(place.settings_of(user, providers=providers), [agent])


async def test_only_the_operator_creates_kafka_topics(place):
    backend, operator = (f"{who}-{uuid.uuid4().hex[:8]}" for who in "bo")
    rights = rights_of_others(place.settings)
    await place.grant(backend, rights[BACKEND])
    with pytest.raises(TopicsError, match="uthoriz"):
        await prepare(place.settings_of(backend))
    await place.grant(operator, rights[OPERATOR])
    assert len(await prepare(place.settings_of(operator))) == len(ALL)


async def test_the_backend_may_replay_a_recording(place):
    await prepare(place.settings)
    user = f"backend-{uuid.uuid4().hex[:8]}"
    await place.grant(user, rights_of_others(place.settings)[BACKEND])
    link = connection(place.settings_of(user))
    await check_topics(link, kafka_topics(place.settings, [SEGMENTS, CORRECTIONS]))
    await place.say(link)


async def test_a_reader_reads_and_writes_nothing(place):
    await prepare(place.settings)
    user = f"reader-{uuid.uuid4().hex[:8]}"
    await place.grant(user, rights_of_others(place.settings)[READER])
    link = connection(place.settings_of(user))
    topic = f"{place.prefix}.captions.v1"
    assert await read(link, topic, 1) == {0: {}}
    await check_topics(link, kafka_topics(place.settings, READ))
    assert await lags(place.settings_of(user)) == {"merge": None, "topics": None}
    producer = link.producer()
    await producer.start()
    try:
        with pytest.raises(TopicAuthorizationFailedError):
            await producer.send_and_wait(topic, b"{}", key=b"a")
    finally:
        await producer.stop()


LACKING = {
    "reading segments": ("topic", "segments.v1", "Read"),
    "writing captions": ("topic", "captions.v1", "Write"),
    "looking at settings": ("topic", "cues.v1", "DescribeConfigs"),
    "the group": ("group", "-merge", "Read"),
}
LACKING_LATER = {
    "reading its state": ("topic", "merge.state.v1", "Read"),
    "writing its state": ("topic", "merge.state.v1", "Write"),
    "transactions": ("transactional-id", "-merge-", "Write"),
}


def without(rights, kind, name, operation):
    """Return rights without one operation on one thing."""
    fewer = [
        right._replace(
            operations=tuple(one for one in right.operations if one != operation)
        )
        if right.kind == kind and right.name.endswith(name)
        else right
        for right in rights
    ]
    assert sum(one != other for one, other in zip(fewer, rights, strict=True)) == 1
    return fewer


@pytest.mark.parametrize("lacking", LACKING.values(), ids=LACKING)
async def test_an_agent_without_a_right_does_not_begin_and_names_it(place, lacking):
    await prepare(place.settings)
    user = f"lacks-{uuid.uuid4().hex[:8]}"
    rights = without(rights_of_agent(place.settings, "merge"), *lacking)
    await place.grant(user, rights)
    with pytest.raises((KafkaError, TopicsError)) as refused:
        await check(place.settings_of(user), ["merge"])
    assert lacking[1] in str(refused.value)
    (line,) = lines(refused.value)
    assert lacking[1] in line
    assert "acls" in line or "authorization failed" in line


async def test_an_agent_that_may_not_write_or_read_its_state_ends_and_names_it(
    secured, certificates, tmp_path
):
    places = {}
    for number, (what, lacking) in enumerate(LACKING_LATER.items()):
        place = places[what] = Place(secured, certificates, tmp_path)
        await prepare(place.settings)
        user = f"lacks-later-{number}"
        rights = without(rights_of_agent(place.settings, "merge"), *lacking)
        await place.grant(user, rights)
        await place.say(place.plain)
        await place.leave_state()
        place.start(user, "run", "--agent", "merge")
    try:
        for number, (what, place) in enumerate(places.items()):
            code = await asyncio.to_thread(place.processes[0].wait, 60)
            log = (tmp_path / f"lacks-later-{number}.log").read_text()
            assert code == Exit.ACCESS, (what, log)
            assert LACKING_LATER[what][1] in log.splitlines()[-1], (what, log)
    finally:
        for place in places.values():
            place.close()


REFUSED = {
    "another password": {"sasl_password": f"not-{PASSWORD}"},
    "CAPTION_SASL_MECHANISM": {"sasl_mechanism": "PLAIN"},
    "get local issuer certificate": {"tls_ca_file": "stranger"},
    "Hostname mismatch": {"broker": "another name"},
    "certificate has expired": {"broker": "expired", "security_protocol": "SSL"},
    "it hung up": {"broker": "tls", "security_protocol": "PLAINTEXT"},
    "CAPTION_SECURITY_PROTOCOL may be another": {"broker": "plain"},
    "it asks for a certificate": {"broker": "tls", "security_protocol": "SSL"},
}


@pytest.mark.parametrize(("words", "other"), REFUSED.items(), ids=REFUSED)
async def test_who_cannot_be_trusted_or_let_in_is_told_apart_and_no_secret_is_shown(
    secured, certificates, words, other
):
    at = {
        "another name": secured.sasl.replace("127.0.0.1", "localhost"),
        "expired": secured.expired,
        "tls": secured.tls,
        "plain": secured.kafka.bootstrap,
        "stranger": certificates.stranger,
    }
    ours = {
        "broker": secured.sasl,
        "security_protocol": "SASL_SSL",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_username": USER,
        "sasl_password": PASSWORD,
        "tls_ca_file": certificates.authority,
    } | {name: at.get(value, value) for name, value in other.items()}
    settings = Settings(**ours)
    quiet_clients()
    with pytest.raises(KafkaError) as refused:
        await check(settings, ["merge"])
    (line,) = lines(refused.value)
    assert line.startswith("the Kafka at ")
    assert words in line
    assert PASSWORD not in line + repr(settings) + repr(connection(settings))


async def test_the_right_password_opens_the_door(secured, certificates):
    admin = by_password(secured, certificates).admin()
    await admin.start()
    await admin.close()
