"""Kafka by the settings: how it is reached, and what has to be there first."""

from collections.abc import Sequence

from schemas.kafka_topics import full_name
from workers.app.needs import kafka_topics, needed, topics_of
from workers.delivery.access import check_group
from workers.delivery.clients import Connection
from workers.delivery.kafka_topics import check_topics, create_topics
from workers.delivery.settings import TurnSettings
from workers.delivery.topic_settings import Difference, differences
from workers.settings import Settings


def connection(settings: Settings) -> Connection:
    """Return how Kafka is reached."""
    password = settings.sasl_password
    return Connection(
        bootstrap=settings.broker,
        security_protocol=settings.security_protocol,
        sasl_mechanism=settings.sasl_mechanism,
        username=settings.sasl_username,
        password=None if password is None else password.get_secret_value(),
        cafile=_path(settings.tls_ca_file),
        certfile=_path(settings.tls_cert_file),
        keyfile=_path(settings.tls_key_file),
    )


def turn_settings(settings: Settings, agent: str) -> TurnSettings:
    """Return how an agent's turns are run."""
    return TurnSettings(
        group=f"{settings.prefix}-{agent}",
        input_topics=tuple(
            full_name(settings.prefix, topic) for topic in needed(agent).inputs
        ),
        state_topic=full_name(settings.prefix, needed(agent).state),
        output_topics=tuple(
            full_name(settings.prefix, topic) for topic in needed(agent).outputs
        ),
        instance_id=settings.group_instance_id,
        max_records=settings.max_turn_records,
        session_timeout_s=settings.session_timeout_s,
        rejected_limit=settings.rejected_limit,
    )


async def prepare(settings: Settings) -> list[str]:
    """Create the Kafka topics that are missing and check all; return the new names.

    Raises:
        TopicsError: Some are not as they have to be, or could not be created.
        KafkaError: Kafka cannot be reached.
    """
    link = connection(settings)
    wanted = kafka_topics(settings, create=True)
    created = await create_topics(link, wanted, settings.replication_factor)
    await check_topics(link, kafka_topics(settings))
    return created


async def check(settings: Settings, agents: Sequence[str]) -> None:
    """Look at the Kafka topics that agents need, before they start.

    Raises:
        TopicsError: Some are not as they have to be.
        GroupAuthorizationFailedError: An agent may not be a member of its group.
        KafkaError: Kafka cannot be reached.
    """
    link = connection(settings)
    await check_topics(link, topics_of(settings, agents))
    if link.asks_who:
        for agent in agents:
            await check_group(link, turn_settings(settings, agent).group)


async def set_otherwise(settings: Settings, agents: Sequence[str]) -> list[Difference]:
    """Return what of these agents' Kafka topics is not as new ones would be set.

    Raises:
        TopicsError: Kafka does not tell.
        KafkaError: Kafka cannot be reached.
    """
    return await differences(connection(settings), topics_of(settings, agents))


def _path(path: object) -> str | None:
    return None if path is None else str(path)
