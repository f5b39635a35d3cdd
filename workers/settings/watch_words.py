"""Watch words as they are set: ``[watch_words]``, a list of phrases a name."""

import re
from collections.abc import Mapping

from workers.language.watching import PhraseWatch

MAX_NAMES = 100
MAX_ENTRIES = 1000
MAX_ENTRY = 200
"""Characters."""

_NAME = re.compile(r"[a-z][a-z_-]{0,31}")


def check(watched: Mapping[str, tuple[str, ...]]) -> None:
    """Refuse names that ids could not hold, and entries that cannot be found.

    Raises:
        ValueError: What is wrong, and what it may be.
    """
    if len(watched) > MAX_NAMES or sum(map(len, watched.values())) > MAX_ENTRIES:
        raise ValueError(f"has more than {MAX_NAMES} names or {MAX_ENTRIES} entries")
    for name, entries in watched.items():
        if not _NAME.fullmatch(name):
            raise ValueError(
                "names begin with a to z, go on with those, _ and -, and have at most "
                "32 letters"
            )
        if any(len(entry) > MAX_ENTRY for entry in entries):
            raise ValueError(f"{name}: an entry has more than {MAX_ENTRY} characters")
    PhraseWatch(watched)
