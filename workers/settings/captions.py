"""What may be set about captions and cues."""

from typing import Annotated, Any

from pydantic import BaseModel, Field, FilePath, ValidationInfo, field_validator
from pydantic_settings import NoDecode

from workers.adapters.providers.registry import PROVIDERS
from workers.settings import custom_profiles
from workers.settings.custom_profiles import CustomProfile
from workers.settings.kinds import Names, Seconds, from_json, once

NO_PROVIDERS = "none"
"""An empty variable counts as not set; this says "none of those in the file"."""


class CaptionSettings(BaseModel):
    """Merging, cues, recognisers and masks."""

    lateness_s: float = Field(
        2.0,
        ge=0,
        le=60,
        allow_inf_nan=False,
        description="Finals that come later than this after their media time become "
        "captions marked `late`.",
    )
    silence_s: Seconds = Field(
        5.0,
        description="After this long without news, open captions are closed; never "
        "below 15 s for a recogniser that sends no guesses.",
    )
    life_silence_s: Seconds = Field(
        900.0, description="After this long without news, a stream has ended."
    )
    gravestone_s: Seconds = Field(
        3600.0,
        description="How long an ended stream is remembered, so that segments sent "
        "again do not open it anew.",
    )
    custom_profiles: Annotated[dict[str, CustomProfile], NoDecode] = Field(
        {},
        description="Profiles of your own, each a table `[custom_profiles.<name>]` "
        "with the fields below; in the variable JSON, one object a profile.",
    )
    profiles: Names = Field(
        ("web",),
        min_length=1,
        max_length=8,
        description="Profiles to cut cues for: `bbc`, `netflix`, `cea608`, `web` and "
        "your own; a list in the file, separated by commas in the variable.",
    )
    providers: Names = Field(
        (),
        description="Recognisers whose own messages come on Kafka topics, such as "
        "`deepgram`: each gets an agent `adapt`; a list in the file, separated by "
        "commas in the variable, `none` for none.",
    )
    mask_words: Names = Field(
        (),
        description="Words that are masked in captions and cues, as `w***`, whatever "
        "their case; `word*` is all that begins so. A list in the file, separated by "
        "commas in the variable. What was said is kept in `unmasked_text`.",
    )
    mask_words_file: FilePath | None = Field(
        None,
        description="A file of more such words, one a line; lines that begin with `#` "
        "are comments.",
    )

    @field_validator("providers")
    @classmethod
    def _known_providers(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        if value == (NO_PROVIDERS,):
            return ()
        if any(name not in PROVIDERS for name in value):
            raise ValueError(f"should be some of: {', '.join(sorted(PROVIDERS))}")
        return once(value)

    @field_validator("profiles")
    @classmethod
    def _known_profiles(
        cls, value: tuple[str, ...], info: ValidationInfo
    ) -> tuple[str, ...]:
        value = once(value)
        custom_profiles.check_chosen(value, info.data.get("custom_profiles"))
        return value

    @field_validator("custom_profiles", mode="before")
    @classmethod
    def _from_variable(cls, value: Any) -> Any:
        return from_json(value, "one object a profile, by its name")

    @field_validator("custom_profiles")
    @classmethod
    def _named(cls, value: dict[str, CustomProfile]) -> dict[str, CustomProfile]:
        custom_profiles.check_names(value)
        return value
