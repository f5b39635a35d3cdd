"""What each agent decides by, from the settings."""

from pathlib import Path
from typing import Any

from schemas.kafka_topics import ADAPT
from workers.adapters.providers.registry import PROVIDERS
from workers.agents.adapt import AdaptRules
from workers.agents.merge import MergeRules
from workers.agents.topics import TopicRules
from workers.core.cues import PROFILES, Profile
from workers.core.lives import CaptionRules
from workers.core.merging import MergeSettings
from workers.core.quality import Mask, QualityRules, mask_for
from workers.core.topics import TopicModel, TopicSettings
from workers.delivery.rules import Rules
from workers.language.hallucinations import known_phrases
from workers.language.load import SHIPPED, load_topic_model
from workers.language.watching import PhraseWatch
from workers.language.wordllama_language import WordLlamaLanguage
from workers.settings import Settings, SettingsError


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


def trace_ratio(settings: Settings) -> float | None:
    """Return the share of records that begin a trace; None if no spans are told."""
    return None if settings.trace_endpoint is None else settings.trace_ratio
