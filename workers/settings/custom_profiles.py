"""Profiles of one's own, as they are set: ``[custom_profiles.<name>]``."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

BUILT_IN = ("bbc", "netflix", "cea608", "web")
"""Profiles that need no setting; their rules are in ``workers.core.cues``."""

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")

Seconds = Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)]
Speed = Annotated[float, Field(gt=0, le=10_000, allow_inf_nan=False)]


class CustomProfile(BaseModel):
    """What one cue may be; the fields of `workers.core.cues.Profile`, checked."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    max_chars: int = Field(
        ge=4, le=200, description="Columns of a line; a wide character takes two."
    )
    max_lines: int = Field(ge=1, le=15, description="Lines of a cue.")
    max_cps: Speed | None = Field(
        None, description="Characters read in a second, spaces included."
    )
    max_wpm: Speed | None = Field(None, description="Words read in a minute.")
    min_duration_s: Seconds | None = Field(
        None, description="A cue is shown no shorter than this."
    )
    max_duration_s: Seconds | None = Field(
        None, description="A cue is shown no longer than this."
    )
    min_gap_s: float = Field(
        0.0,
        ge=0,
        le=10,
        allow_inf_nan=False,
        description="Between two cues that follow each other.",
    )
    speakers: Literal["apart", "dashes", "together"] = Field(
        "apart",
        description="`dashes`: in files, a dash begins each change of speaker, and two "
        "columns are kept free for it; `together`: so, and finished recordings may "
        "have short lines of two speakers in one cue.",
    )
    align: Literal["center", "start"] = Field(
        "center", description="Where lines begin, in VTT and TTML."
    )
    place: Literal["bottom", "top"] = Field(
        "bottom", description="Where on the screen cues are, in VTT and TTML."
    )

    @field_validator("max_duration_s")
    @classmethod
    def _not_below_the_least(cls, value: Any, info: ValidationInfo) -> Any:
        least_s = info.data.get("min_duration_s")
        if value is not None and least_s is not None and value < least_s:
            raise ValueError("is less than min_duration_s")
        return value

    @field_validator("speakers")
    @classmethod
    def _a_line_for_each(cls, value: str, info: ValidationInfo) -> str:
        if value == "together" and info.data.get("max_lines") == 1:
            raise ValueError("together needs max_lines of 2 or more")
        return value


def check_names(profiles: Mapping[str, CustomProfile]) -> None:
    """Refuse names that ids could not hold, or that are taken.

    Raises:
        ValueError: Which names, and what they may be.
    """
    for name in profiles:
        if name in BUILT_IN:
            raise ValueError(f"{name} is a profile already; take another name")
        if not _NAME.fullmatch(name):
            raise ValueError(
                "names begin with a to z, go on with those, 0 to 9, _ and -, and have "
                "at most 32 letters"
            )


def check_chosen(
    chosen: tuple[str, ...], custom: Mapping[str, CustomProfile] | None
) -> None:
    """Refuse profiles that nobody knows; *custom* is None where it is wrong itself.

    Raises:
        ValueError: Which there are.
    """
    if custom is None:
        return
    known = [*BUILT_IN, *custom]
    if not set(chosen) <= set(known):
        raise ValueError(f"should be of {', '.join(known)}")
