"""From settings to running agents: the one place that knows all the parts."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

from faust.sensors.prometheus import FaustMetrics, PrometheusMonitor
from prometheus_client import REGISTRY

from schemas.kafka_topics import (
    ADAPT,
    AGENTS,
    ALL,
    CAPTIONS,
    CORRECTIONS,
    CUES,
    ENRICHED,
    METRICS,
    REJECTED,
    SEGMENTS,
    STATES,
    TOPICS,
    Agent,
    KafkaTopic,
    adapt_state,
    full_name,
    provider_topic,
)
from workers import counting, metrics, rejections
from workers.adapters.providers.registry import PROVIDERS
from workers.agents.adapt import AdaptRules
from workers.agents.merge import MergeRules
from workers.agents.shell import work
from workers.agents.topics import TopicRules
from workers.core.cues import PROFILES, Profile
from workers.core.lives import CaptionRules
from workers.core.merging import MergeSettings
from workers.core.quality import Mask, QualityRules, mask_for
from workers.core.topics import TopicModel, TopicSettings
from workers.delivery.access import check_group
from workers.delivery.app import TurnApp, make_app, run_agent
from workers.delivery.clients import Connection
from workers.delivery.decide import Decided, Work
from workers.delivery.kafka_topics import WantedTopic, check_topics, create_topics
from workers.delivery.rules import Rules
from workers.delivery.settings import TurnSettings
from workers.health import Health
from workers.language.hallucinations import known_phrases
from workers.language.load import SHIPPED, load_topic_model
from workers.language.watching import PhraseWatch
from workers.language.wordllama_language import WordLlamaLanguage
from workers.loop_stalls import measure_stalls
from workers.serving import serve
from workers.settings import Settings, SettingsError, metrics_port
from workers.tracing.queue import SpanQueue
from workers.tracing.spans import Tracing

INPUTS: dict[Agent, tuple[KafkaTopic, ...]] = {
    "merge": (SEGMENTS, CORRECTIONS),
    "topics": (CAPTIONS,),
}
"""What each agent reads; of records of the same time those of the first go first."""

OUTPUTS: dict[Agent, tuple[KafkaTopic, ...]] = {
    "merge": (CAPTIONS, CUES, METRICS, REJECTED),
    "topics": (ENRICHED, TOPICS, METRICS, REJECTED),
}
"""What each agent writes, but for its state."""


class Needed(NamedTuple):
    """The Kafka topics of an agent."""

    inputs: tuple[KafkaTopic, ...]
    outputs: tuple[KafkaTopic, ...]
    state: KafkaTopic


def needed(agent: str) -> Needed:
    """Return the Kafka topics of an agent."""
    for name in AGENTS:
        if name == agent:
            return Needed(INPUTS[name], OUTPUTS[name], STATES[name])
    provider = agent.removeprefix(f"{ADAPT}-")
    return Needed(
        (provider_topic(provider),), (SEGMENTS, REJECTED), adapt_state(provider)
    )


def all_topics(settings: Settings) -> tuple[KafkaTopic, ...]:
    """Return all Kafka topics, with those of the providers that are set."""
    own = [(provider_topic(one), adapt_state(one)) for one in settings.providers]
    return (*ALL, *(topic for pair in own for topic in pair))


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


def profile_named(settings: Settings, name: str) -> Profile:
    """Return a profile by its name, one of the worker's own or one that is set."""
    custom = settings.custom_profiles.get(name)
    if custom is None:
        return PROFILES[name]
    return Profile(name=name, **custom.model_dump())


def merge_rules(settings: Settings) -> MergeRules:
    """Return what agent ``merge`` decides by.

    Raises:
        SettingsError: The words to mask cannot be used.
    """
    return MergeRules(caption_rules(settings), settings.prefix, trace_ratio(settings))


def caption_rules(settings: Settings) -> CaptionRules:
    """Return what is set about captions.

    Raises:
        SettingsError: The words to mask cannot be used.
    """
    return CaptionRules(
        merge=MergeSettings(
            silence_ms=round(settings.silence_s * 1000),
            lateness_s=settings.lateness_s,
        ),
        quality=QualityRules(phrases=known_phrases(), mask=mask(settings)),
        profiles=tuple(profile_named(settings, name) for name in settings.profiles),
        life_silence_ms=round(settings.life_silence_s * 1000),
        gravestone_ms=round(settings.gravestone_s * 1000),
    )


def mask(settings: Settings) -> Mask | None:
    """Return the words that are not to be shown, from list and file; None for none.

    Raises:
        SettingsError: The file cannot be read, or an entry is no single word.
    """
    words = list(settings.mask_words)
    if settings.mask_words_file is not None:
        try:
            lines = settings.mask_words_file.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise SettingsError([f"mask_words_file: cannot be read: {error}"]) from None
        words += [line for line in map(str.strip, lines) if line and line[0] != "#"]
    try:
        return mask_for(words)
    except ValueError as error:
        raise SettingsError([f"mask_words: {error}"]) from None


def topic_model(settings: Settings, weights: Path | None = None) -> TopicModel:
    """Return what topics are told by, loaded, so that no caption waits for it.

    Args:
        settings: How long topics are.
        weights: Folder of other weights than those that come with the package.
    """
    language = WordLlamaLanguage()
    language.warm_up()
    return load_topic_model(
        TopicSettings(
            sentences_per_topic=settings.sentences_per_topic,
            minutes_per_topic=settings.minutes_per_topic,
            remembered_streams=settings.remembered_streams,
        ),
        language,
        weights or SHIPPED,
    )


def topic_rules(settings: Settings) -> TopicRules:
    """Return what agent ``topics`` decides by."""
    watch = PhraseWatch(settings.watch_words) if settings.watch_words else None
    return TopicRules(
        topic_model(settings), settings.prefix, watch, trace_ratio(settings)
    )


def adapt_rules(settings: Settings, provider: str) -> AdaptRules:
    """Return what a provider's agent ``adapt`` decides by."""
    return AdaptRules(
        PROVIDERS[provider],
        settings.prefix,
        round(settings.life_silence_s * 1000),
        trace_ratio(settings),
    )


def rules_of(settings: Settings, agent: str) -> Rules[Any]:
    """Return what an agent decides by."""
    if agent == "merge":
        return merge_rules(settings)
    if agent == "topics":
        return topic_rules(settings)
    return adapt_rules(settings, agent.removeprefix(f"{ADAPT}-"))


def turn_settings(settings: Settings, agent: str) -> TurnSettings:
    """Return how an agent's turns are run."""
    return TurnSettings(
        group=f"{settings.prefix}-{agent}",
        input_topics=tuple(
            full_name(settings.prefix, topic) for topic in needed(agent).inputs
        ),
        state_topic=full_name(settings.prefix, needed(agent).state),
        instance_id=settings.group_instance_id,
        max_records=settings.max_turn_records,
        session_timeout_s=settings.session_timeout_s,
        rejected_limit=settings.rejected_limit,
    )


def kafka_topics(
    settings: Settings,
    topics: Iterable[KafkaTopic] | None = None,
    *,
    create: bool = False,
) -> list[WantedTopic]:
    """Return the Kafka topics as they have to be.

    Args:
        settings: Prefix, and how they are made.
        topics: Which; else all.
        create: With the number of partitions of new ones; else any number will do.
    """
    return [
        WantedTopic(
            name=full_name(settings.prefix, topic),
            partitions=settings.partitions if create else None,
            compacted=topic.compacted,
            retention_ms=None
            if topic.compacted
            else round(retention_days(settings, topic) * 86_400_000),
        )
        for topic in (all_topics(settings) if topics is None else topics)
    ]


def retention_days(settings: Settings, topic: KafkaTopic) -> float:
    """Return how long a Kafka topic of messages keeps them, at least."""
    return settings.topic_retention_days.get(topic.short_name, settings.retention_days)


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
    topics = dict.fromkeys(
        topic
        for inputs, outputs, state in map(needed, agents)
        for topic in (*inputs, *outputs, state)
    )
    await check_topics(link, kafka_topics(settings, topics))
    if link.asks_who:
        for agent in agents:
            await check_group(link, turn_settings(settings, agent).group)


def make_agent(
    settings: Settings, agent: str, tracing: Tracing | None = None
) -> TurnApp[Any]:
    """Return the Faust app of one agent, which tells its spans to *tracing*."""
    rules = rules_of(settings, agent)
    app: TurnApp[Any] = make_app(
        rules,
        turn_settings(settings, agent),
        connection(settings),
        metrics.TurnMetrics(),
    )

    def committed(turn: Sequence[tuple[Work[Any], Decided[Any]]]) -> None:
        counting.observe((work.partition, decided) for work, decided in turn)
        rejections.warn(decided for _, decided in turn)
        if tracing is not None:
            tracing.tell(turn, rules.skip)

    work(app, rules, agent, committed)
    app.task(measure_stalls)
    if settings.faust_metrics:
        app.monitor = PrometheusMonitor(FaustMetrics.create(REGISTRY, "faust"))
    return app


def trace_ratio(settings: Settings) -> float | None:
    """Return the share of records that begin a trace; None if no spans are told."""
    return None if settings.trace_endpoint is None else settings.trace_ratio


def tracing_of(settings: Settings, agent: str) -> Tracing | None:
    """Return what tells an agent's spans, if that is set; its thread runs already."""
    if settings.trace_endpoint is None:
        return None
    from workers.tracing.otlp import Collector  # noqa: PLC0415  # of an extra

    group = turn_settings(settings, agent).group
    collector = Collector(
        str(settings.trace_endpoint), agent, group, settings.group_instance_id
    )
    return Tracing(agent, settings.trace_ratio, SpanQueue(collector))


def run(settings: Settings, agent: str) -> NoReturn:
    """Run one agent in the foreground until it is told to stop.

    Raises:
        OSError: The port for metrics is taken.
    """
    health = Health(settings.ready_lag_s)
    serve(agent, settings.metrics_host, metrics_port(settings, agent), health)
    tracing = tracing_of(settings, agent)
    app = make_agent(settings, agent, tracing)
    health.watchdog = app.lifecycle.watchdog
    try:
        run_agent(app)
    finally:
        if tracing is not None:
            tracing.close()


def _path(path: object) -> str | None:
    return None if path is None else str(path)
