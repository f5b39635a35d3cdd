"""All commands together, and what happens to their errors."""

import errno
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from workers.cli.errors import EXPECTED, INTERRUPTED, CommandError, leave
from workers.cli.output import to_nowhere
from workers.cli.quiet import quiet_clients
from workers.cli.usage import fit_help, in_panels
from workers.compiled import rules_are_compiled

EXIT_CODES = (
    "Exit codes: 0 all done; 2 something to put right, one line each; 70 to 77 "
    "an agent ended itself, see docs/OPERATIONS.md; 130 interrupted."
)
PANELS = {
    "To try it": ("demo", "broker", "process", "replay", "watch"),
    "To run it": ("doctor", "topics", "run", "view", "acls", "forget"),
    "To build on it": ("schema", "bench"),
}
"""The commands as the help lists them."""
DISK = {errno.EDQUOT, errno.EFBIG, errno.EIO, errno.ENOSPC}
"""What writing can fail with, long after a file was opened well."""

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
        how = " (rules compiled)" if rules_are_compiled() else ""
        typer.echo(f"caption-worker {version('caption-worker')}{how}")
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
    fit_help(app)
    in_panels(app, PANELS)
    code = 0
    try:
        code = app(prog_name="caption-worker", standalone_mode=False) or 0
        sys.stdout.flush()
    except (*EXPECTED, typer.TyperException) as error:
        leave(error)
    except KeyboardInterrupt:
        code = INTERRUPTED
    except SystemExit as end:
        # Typer and rich answer so to a reader who has gone.
        if not isinstance(end.__context__, BrokenPipeError):
            raise
        to_nowhere(sys.__stdout__)
    except BrokenPipeError:
        to_nowhere(sys.__stdout__)
    except OSError as error:
        # Of a file that was opened by name the command itself has told.
        if error.filename is not None or error.errno not in DISK:
            raise
        to_nowhere(sys.__stdout__)
        leave(CommandError(f"cannot write: {error.strerror}"))
    raise SystemExit(code)
