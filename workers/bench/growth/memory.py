"""How much memory this process has."""

import gc
import os
from pathlib import Path


def resident_bytes() -> int:
    """Return the resident memory of this process, once garbage is collected."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
