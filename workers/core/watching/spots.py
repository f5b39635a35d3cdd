"""What a life has been told of watched phrases."""

from msgspec import Struct


class Spot(Struct, frozen=True, array_like=True, omit_defaults=True):
    """A phrase that was told of."""

    number: int
    """Of its caption."""
    name: str
    nth: int
    """Of those of this name in the caption, from 0."""
    start: int
    end: int
    text: str
    revision: int = 0
    withdrawn: bool = False


class WatchState(Struct, frozen=True, array_like=True, omit_defaults=True):
    """What a life has been told of, oldest first."""

    spots: tuple[Spot, ...] = ()
