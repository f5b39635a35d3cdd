"""All commands together, and what happens to their errors."""

import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from workers.cli.errors import EXPECTED, INTERRUPTED, leave
from workers.cli.quiet import quiet_clients

EXIT_CODES = """
Exit codes: 0 all done; 2 something to put right, said in one line; 70 to 76 an agent
ended itself, see the README; 130 interrupted.
"""

app = typer.Typer(
    name="caption-worker",
    help="Live caption segments in, captions and topics out, exactly once, on Kafka.",
    epilog=EXIT_CODES,
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # locals may hold passwords
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"caption-worker {version('caption-worker')}")
        raise typer.Exit


@app.callback()
def about(
    *,
    _: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Show the version."
        ),
    ] = False,
) -> None:
    """Take what stands before the command."""


def main() -> None:
    """Run the command line; never a traceback for what a user can put right."""
    # What it would log of a broker that is not there, our one line says; `run` lets
    # it speak again.
    quiet_clients()
    try:
        app(prog_name="caption-worker")
    except EXPECTED as error:
        leave(error)
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
    except BrokenPipeError:
        # Whoever read our output has gone; Python would complain at its own end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None
