"""What agent ``topics`` remembers of a stream."""

from msgspec import Struct

from workers.core.figures import Figures
from workers.core.topics import TopicState
from workers.core.watching import WatchState


class Enriching(Struct, frozen=True, omit_defaults=True):
    """A life of a stream, as agent ``topics`` knows it."""

    topics: TopicState
    figures: Figures
    watching: WatchState = WatchState()
