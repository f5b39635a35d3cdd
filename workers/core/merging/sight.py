"""A caption as viewers have it."""

from msgspec import Struct


class Seen(Struct, frozen=True, gc=False):
    """A caption as it was last told."""

    text: str = ""
    stable: int = 0
    final: bool = False


UNSEEN = Seen()
