"""The libraries under delivery: the very versions it was measured on."""

from importlib.metadata import version

from aiokafka.producer import sender

MEASURED = {"faust-streaming": "0.15.3", "aiokafka": "0.14.0"}


class WrongVersionError(ImportError):
    """A library under delivery is not the version its traps were looked up in."""


def check_versions() -> None:
    """Refuse to run on any other version: delivery overrides their insides.

    Raises:
        WrongVersionError: a library is older or newer than the one measured.
    """
    for name, measured in MEASURED.items():
        if version(name) != measured:
            raise WrongVersionError(
                f"workers.delivery needs {name} {measured}, found {version(name)}: "
                "look up each override in the new source, then change versions.py"
            )


def hurry_transactions() -> None:
    """Wait 2 ms, not 20, while the broker still writes the last markers.

    Back to back, every transaction meets CONCURRENT_TRANSACTIONS once; aiokafka's
    pause was most of its latency (p50 27.8 ms, with this 7.1 ms; notes/delivery.md).
    """
    sender.BACKOFF_OVERRIDE = 0.002
