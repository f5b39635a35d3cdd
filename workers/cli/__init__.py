"""The commands of ``caption-worker``."""

from workers.cli import (  # each registers itself
    acls,  # noqa: F401
    bench,  # noqa: F401
    broker,  # noqa: F401
    demo,  # noqa: F401
    doctor,  # noqa: F401
    forget,  # noqa: F401
    process,  # noqa: F401
    replay,  # noqa: F401
    run,  # noqa: F401
    schema,  # noqa: F401
    topics,  # noqa: F401
    view,  # noqa: F401
    watch,  # noqa: F401
)
from workers.cli.main import main

__all__ = ["main"]
