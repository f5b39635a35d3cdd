"""What may be set about logs."""

from typing import Any, Literal

from pydantic import BaseModel, Field, field_validator


class LogSettings(BaseModel):
    """What is logged, and how."""

    log_format: Literal["auto", "json", "text"] = Field(
        "auto",
        description="`json` is one line an event; `auto` is `text` on a terminal, "
        "else `json`.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info",
        description="The least that is logged; what Faust and aiokafka tell of their "
        "own works only with `debug`.",
    )
    log_text: bool = Field(
        False,
        description="Whether logs may hold what was said.",
    )

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: Any) -> Any:
        return value.lower() if isinstance(value, str) else value
