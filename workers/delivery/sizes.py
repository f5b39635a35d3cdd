"""How large an output may be, and how large one is."""

from typing import Final

from workers.delivery.records import Output

MAX_OUTPUT_BYTES: Final = 900_000
"""Key, value and headers of one output. Brokers take 1 MiB a batch by default."""

_RECORD_OVERHEAD_BYTES: Final = 40
_HEADER_OVERHEAD_BYTES: Final = 10


def size_bytes(output: Output) -> int:
    """Return an upper bound of what an output takes up in a batch."""
    size = _RECORD_OVERHEAD_BYTES + len(output.topic)
    size += len(output.key or b"") + len(output.value or b"")
    for name, value in output.headers:
        size += 4 * len(name) + len(value) + _HEADER_OVERHEAD_BYTES
    return size
