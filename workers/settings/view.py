"""What may be set about the live page."""

import re

from pydantic import BaseModel, Field, SecretStr, field_validator

from workers.settings.kinds import Names, Port, once

SHORTEST_TOKEN = 16

_ORIGIN = re.compile(r"https?://(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?")


class ViewSettings(BaseModel):
    """The live page and its API."""

    view_host: str = Field(
        "127.0.0.1",
        min_length=1,
        description="Address of the live page; `0.0.0.0` inside a container, then with "
        "`view_hosts`, and best with a token.",
    )
    view_http_port: Port = Field(
        8077, description="Port of the live page; 0 takes any."
    )
    view_token: SecretStr | None = Field(
        None,
        description="What has to be shown to the live page and its API; never printed. "
        "None: nothing.",
    )
    view_hosts: Names = Field(
        (),
        description="Names by which browsers ask for the live page, such as "
        "`captions.example.org`; those of loopback are known; `*` is any.",
    )
    view_origins: Names = Field(
        (),
        description="Origins of pages that may use the API or show the live page "
        "inside their own, such as `https://player.example.org`.",
    )
    view_max_clients: int = Field(
        2000, ge=1, le=100_000, description="Clients that follow streams at a time."
    )
    view_memory_mib: int = Field(
        256,
        ge=16,
        le=65536,
        description="Memory for all streams of the live page; beyond it, those that "
        "ended longest ago are forgotten.",
    )
    view_nice: int = Field(
        5,
        ge=0,
        le=19,
        description="How far the live page gives way to agents on the same machine, as "
        "`nice` does; 0: not at all.",
    )
    view_history_hours: float = Field(
        12,
        gt=0,
        le=3650 * 24,
        description="How far back the live page reads when it starts.",
    )

    @field_validator("view_token")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < SHORTEST_TOKEN:
            raise ValueError(f"should have {SHORTEST_TOKEN} characters or more")
        return value

    @field_validator("view_hosts")
    @classmethod
    def _lower_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return once(tuple(name.lower() for name in value))

    @field_validator("view_origins")
    @classmethod
    def _origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if not all(map(_ORIGIN.fullmatch, value)):
            raise ValueError("should be https://name, or several separated by commas")
        return once(value)
