"""What may be set about topics."""

from pydantic import BaseModel, Field


class TopicSettings(BaseModel):
    """How fine topics are cut."""

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
