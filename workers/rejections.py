"""Records that could not be used: found among what was committed, told in the log."""

from collections.abc import Iterable, Iterator

import structlog
from msgspec import Struct

from schemas.kafka_topics import REJECTED
from workers.delivery.decide import Decided

log = structlog.stdlib.get_logger(__name__)


class Rejection(Struct, frozen=True):
    """One record on the Kafka topic for them."""

    reason: str
    place: str
    """Kafka topic, partition and offset it came from."""


def rejections(decided: Decided[object]) -> Iterator[Rejection]:
    """Yield what was rejected, by delivery or by the rules themselves."""
    for _, output in decided.outputs:
        if output.topic.endswith(REJECTED.name):
            marks = {name: value.decode() for name, value in output.headers}
            where = "{rejected_topic}-{rejected_partition}@{rejected_offset}"
            yield Rejection(marks["rejected_reason"], where.format(**marks))


def warn(decided: Iterable[Decided[object]]) -> None:
    """Write one line for each reason in a turn, never what was said."""
    found: dict[str, list[str]] = {}
    for one in decided:
        for rejection in rejections(one):
            found.setdefault(rejection.reason, []).append(rejection.place)
    for reason, places in found.items():
        log.warning(
            "records rejected", reason=reason, records=len(places), first=places[0]
        )
