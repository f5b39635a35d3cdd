"""All of the poison corpus, by group."""

from tests.poison.abuse import ABUSE
from tests.poison.kafka_level import KAFKA_LEVEL
from tests.poison.shapes import SHAPES, SIZES
from tests.poison.syntax import SYNTAX
from tests.poison.texts import TEXTS
from tests.poison.times import TIMES

CORPUS = [*SYNTAX, *TEXTS, *SIZES, *SHAPES, *TIMES, *KAFKA_LEVEL, *ABUSE]
