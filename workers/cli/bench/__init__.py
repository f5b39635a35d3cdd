"""``bench``: how fast the worker is here, and what its rules make of recordings."""

# The order in which help lists them.
from workers.cli.bench import (  # noqa: I001
    run as run,
    footprint as footprint,
    growth as growth,
    restore as restore,
    states as states,
    captions as captions,
    profile as profile,
    topics as topics,
    train_topics as train_topics,
    view as view,
)
