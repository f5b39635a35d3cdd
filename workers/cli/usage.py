"""What is wrong with a command line, in one line, and help that fits a terminal."""

import inspect
from collections.abc import Mapping, Sequence

import typer
from typer.models import CommandInfo, TyperInfo

from workers.settings.wording import plain


def usage(error: typer.TyperException) -> str:
    """Say what is wrong with a command line; "" where help has been printed."""
    parameter = getattr(error, "param", None)
    if parameter is not None and error.message:
        name = parameter.metavar or parameter.name
        if parameter.param_type_name == "option":
            name = max(parameter.opts, key=len)
        return f"{name}: {plain(error.message)}"
    said = error.format_message().rstrip(".")
    if not said:
        return ""
    context = getattr(error, "ctx", None)
    command = "caption-worker" if context is None else context.command_path
    return f"{said[:1].lower()}{said[1:]}; see `{command} --help`"


def fit_help(app: typer.Typer) -> None:
    """Join the lines of each paragraph, which Typer would keep as the source has them.

    What is indented stays as it is: examples.
    """
    for command in app.registered_commands:
        command.help = _joined(command.help or inspect.getdoc(command.callback) or "")
    for group in app.registered_groups:
        if group.typer_instance is not None:
            fit_help(group.typer_instance)


def in_panels(app: typer.Typer, panels: Mapping[str, Sequence[str]]) -> None:
    """Let the help list commands by what they are for; they register in any order.

    Args:
        app: Whose commands.
        panels: Names of commands by the title that stands above them.
    """
    places = {
        name: (place, title)
        for place, (title, name) in enumerate(
            (title, name) for title, names in panels.items() for name in names
        )
    }
    registered: list[CommandInfo | TyperInfo] = [
        *app.registered_commands,
        *app.registered_groups,
    ]
    for one in registered:
        one.rich_help_panel = places[_name(one)][1]
    app.registered_commands.sort(key=lambda one: places[_name(one)][0])


def _name(registered: CommandInfo | TyperInfo) -> str:
    callback = registered.callback
    return registered.name or (callback.__name__ if callback is not None else "")


def _joined(text: str) -> str:
    return "\n\n".join(
        paragraph if "\n " in f"\n{paragraph}" else " ".join(paragraph.split())
        for paragraph in text.split("\n\n")
    )
