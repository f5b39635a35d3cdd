"""Records that could not be read as they were sent, and how they are told apart. Pure.

Two kinds come out of `workers.delivery.batches`: those with a header whose name is not
UTF-8, whole but for that, and one in place of a batch that cannot be unpacked or read.
Both are marked by the name of a header, which no other record can have, so that they
stay what they are wherever records are kept.
"""

from typing import Final, NamedTuple

from workers.delivery.records import ReadHeaders

MARK: Final = "\udc00unreadable"
"""No name on the wire is read as this one: odd bytes become U+DC80 to U+DCFF."""


class Fault(NamedTuple):
    """Why a record cannot be used, whatever the rules say."""

    reason: str
    error: str


def marked(reason: str, error: str) -> tuple[str, bytes]:
    """Return the header of a record that stands for what could not be read."""
    return MARK, f"{reason} {error}".encode(errors="replace")


def fault_of(headers: ReadHeaders) -> Fault | None:
    """Return what is wrong with a record, None if it was read as it was sent."""
    for name, value in headers:
        if name.isascii():
            continue
        if name == MARK:
            reason, _, error = (value or b"").decode().partition(" ")
            return Fault(reason, error)
        if not _is_text(name):
            return Fault("header_name", "the name of a header is not UTF-8")
    return None


def text_of(name: bytes) -> str:
    """Return the name of a header, with what is not UTF-8 in it as surrogates."""
    return name.decode(errors="surrogateescape")


def bytes_of(name: str) -> bytes:
    """Return the bytes that the name of a header had on the wire."""
    return name.encode(errors="surrogateescape")


def _is_text(name: str) -> bool:
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
