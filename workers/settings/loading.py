"""Settings from where they stand, and what is wrong with them: all of it at once."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import EnvSettingsSource

from workers.settings.custom_profiles import CustomProfile
from workers.settings.every import PREFIX, Settings, variable
from workers.settings.wording import plain

CONFIG_VARIABLE = "CAPTION_CONFIG"
CONFIG_FILE = Path("caption-worker.toml")
"""Read from the working folder, if it is there and no other file is named."""

_SERVICE_LINK = re.compile(
    r"_SERVICE_HOST$|_SERVICE_PORT(_\w+)?$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$"
)


class SettingsError(Exception):
    """Settings that cannot be used; one line for each thing that is wrong."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def load_settings(**given: Any) -> Settings:
    """Read the settings of this process.

    Args:
        given: What stands above the environment, such as options of a command; None
            is not given.

    Raises:
        SettingsError: With all that is wrong: the file, names nobody knows, values.
    """
    problems: list[str] = []
    in_file = _in_file(problems)
    in_environment = EnvSettingsSource(Settings)()
    over = {name: value for name, value in given.items() if value is not None}
    problems += _unknown_variables(os.environ)
    sources = {
        **dict.fromkeys(in_file, f"{_config_path()}: "),
        **{name: variable(name) for name in in_environment},
        **dict.fromkeys(over, ""),
    }
    try:
        settings = Settings(**(in_file | in_environment | over))
    except ValidationError as error:
        problems += _wrong_values(error, sources)
    if problems:
        raise SettingsError(problems)
    return settings


def _config_path() -> Path:
    return Path(os.environ.get(CONFIG_VARIABLE) or CONFIG_FILE)


def _in_file(problems: list[str]) -> dict[str, Any]:
    """Read the settings file; what is wrong with it goes to *problems*."""
    path = _config_path()
    if not os.environ.get(CONFIG_VARIABLE) and not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        problems.append(f"{path}: cannot be read: {error.strerror}")
    except UnicodeDecodeError as error:
        problems.append(f"{path}: byte {error.start} is not UTF-8")
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problems.append(f"{path}: not TOML: {error}")
    return {}


def _unknown_variables(environ: Mapping[str, str]) -> Iterator[str]:
    known = {variable(name) for name in Settings.model_fields} | {CONFIG_VARIABLE}
    for name, value in sorted(environ.items()):
        upper = name.upper()
        if upper in known or not upper.startswith(PREFIX):
            continue
        # Kubernetes tells every container of a service named caption-… where it is.
        tells_service = upper.endswith("_PORT") and value.startswith("tcp://")
        if not tells_service and not _SERVICE_LINK.search(upper):
            yield f"{_shown(name)} is not a setting{_meant(upper, known)}"


def _wrong_values(error: ValidationError, sources: Mapping[str, str]) -> Iterator[str]:
    """Say what is wrong with each value, and never the value: it may be a secret."""
    for problem in error.errors(
        include_url=False, include_context=False, include_input=False
    ):
        name, *inside = map(str, problem["loc"])
        where = sources.get(name, "") or name
        if where.endswith(": "):
            where += _shown(name)
        if name == "custom_profiles" and inside:
            where += "".join(f".{_shown(part)}" for part in inside)
        if problem["type"] != "extra_forbidden":
            yield f"{where}: {plain(problem['msg'])}"
        elif inside:
            meant = _meant(inside[-1], CustomProfile.model_fields)
            yield f"{where} is not a field of a profile{meant}"
        else:
            yield f"{where} is not a setting{_meant(name, Settings.model_fields)}"


def _meant(name: str, known: Mapping[str, Any] | set[str]) -> str:
    near = get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _shown(name: str) -> str:
    return name if name.isprintable() else ascii(name)
