"""What may be set about topics."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, field_validator
from pydantic_settings import NoDecode

from workers.settings import watch_words
from workers.settings.kinds import from_json


class TopicSettings(BaseModel):
    """How fine topics are cut, and what is watched for."""

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
    remembered_streams: int = Field(
        4096,
        ge=1,
        description="Streams whose sums agent `topics` keeps in memory, 150 kB each; "
        "where one process has more streams, a caption costs several times as much.",
    )
    watch_words: Annotated[dict[str, tuple[str, ...]], NoDecode] = Field(
        {},
        description="Phrases to watch for in final captions, a list a name, in the "
        "table `[watch_words]`; `refund*` is all words that begin so, `/case \\d+/` a "
        "pattern of RE2. In the variable JSON.",
    )

    @field_validator("watch_words", mode="before")
    @classmethod
    def _watched_from_variable(cls, value: Any) -> Any:
        return from_json(value, "a list of phrases a name")

    @field_validator("watch_words")
    @classmethod
    def _watchable(cls, value: dict[str, tuple[str, ...]]) -> Any:
        watch_words.check(value)
        return value
