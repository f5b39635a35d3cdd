"""All settings together, and what follows from them."""

from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from schemas.kafka_topics import ADAPT, adapt_agent
from workers.settings.captions import CaptionSettings
from workers.settings.kafka import KafkaSettings
from workers.settings.logs import LogSettings
from workers.settings.serving import ServingSettings
from workers.settings.topics import TopicSettings
from workers.settings.view import ViewSettings

PREFIX = "CAPTION_"


class Settings(
    BaseSettings,
    # The last of these comes first in docs/SETTINGS.md, and is checked first.
    LogSettings,
    ViewSettings,
    ServingSettings,
    TopicSettings,
    CaptionSettings,
    KafkaSettings,
):
    """Everything that may be set. Made directly, it takes what it is given only."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
        validate_default=True,
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
        """Take what is given; `load_settings` puts the sources in order."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


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
