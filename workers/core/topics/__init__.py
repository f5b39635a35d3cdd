"""What people speak of: where a talk turns to another topic, and what it is called."""

from workers.core.topics.kept.state import MAX_STATE_BYTES, TopicState
from workers.core.topics.language import Language
from workers.core.topics.model import TopicModel
from workers.core.topics.settings import TopicSettings
from workers.core.topics.step import Event, step
from workers.core.topics.weights import WeightsFile, Wording

__all__ = [
    "MAX_STATE_BYTES",
    "Event",
    "Language",
    "TopicModel",
    "TopicSettings",
    "TopicState",
    "WeightsFile",
    "Wording",
    "step",
]
