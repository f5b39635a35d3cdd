"""What is fetched of a partition's inputs and not decided yet, and its order. Pure.

Order
    Within an input it is that of the offsets. Between inputs the next record of each
    are compared: the earlier Kafka timestamp goes first, of equal ones the input that
    is named first.

Who waits for whom
    A record is decided when no other input can still bring one that goes before it:
    each has a later one here, or had nothing left when Kafka last answered. So in a
    backlog the order is that of the whole logs, however fetches cut them, and an input
    with few records does not run ahead of one with many: its times are not heard, and
    no silence is told, before what the others said till then. Once caught up, a record
    goes when it is here. An input in which nothing is ever said keeps nobody waiting.
"""

from collections import deque
from collections.abc import Iterable, Sequence
from heapq import merge

from workers.delivery.records import Record
from workers.delivery.source import Fetched


def in_order(inputs: Iterable[Sequence[Record]]) -> list[Record]:
    """Return the records of several inputs in the order in which they are decided."""
    return list(merge(*inputs, key=lambda record: record.timestamp_ms))


class Inbox:
    """One partition's inputs.

    Args:
        topics: The Kafka topics, in the order that decides between equal times.
    """

    def __init__(self, topics: Iterable[str]) -> None:
        self._inputs = {topic: _Input() for topic in topics}

    def clear(self) -> None:
        """Forget what is here; it will be fetched again."""
        self._inputs = {topic: _Input() for topic in self._inputs}

    def wanted(self) -> list[str]:
        """Return the inputs to fetch: those of which nothing waits here."""
        return [topic for topic, each in self._inputs.items() if not each.records]

    def put(self, topic: str, fetched: Fetched) -> None:
        """Take in what a fetch of an input brought."""
        each = self._inputs[topic]
        each.fetched = fetched
        each.records.extend(fetched.records)

    def first(self) -> Record | None:
        """Return the record to be decided next, None if it is not known yet."""
        source = self._next()
        return source[0] if source else None

    def take(self) -> list[Record]:
        """Take out what may be decided now, in order."""
        if self._undisputed():
            return [record for each in self._inputs.values() for record in each.empty()]
        taken: list[Record] = []
        while source := self._next():
            taken.append(source.popleft())
        return taken

    def give_back(self, records: Sequence[Record]) -> None:
        """Put back the last of what was taken; it waits here as before."""
        for record in reversed(records):
            self._inputs[record.topic].records.appendleft(record)

    @property
    def caught_up(self) -> bool:
        """Whether all inputs were read to their ends, and nothing waits here."""
        return all(each.ended for each in self._inputs.values())

    @property
    def is_read_to_end(self) -> bool:
        """Whether nothing is left to fetch; then `take` leaves nothing here."""
        return all(each.is_read_to_end for each in self._inputs.values())

    def ended(self) -> list[str]:
        """Return the inputs read to their ends of which nothing waits here."""
        return [topic for topic, each in self._inputs.items() if each.ended]

    def read_to(self) -> dict[str, int]:
        """Return where each input goes on of which nothing waits here.

        That is past the markers of transactions too, in which such a log ends.
        """
        return {
            topic: each.fetched.next_offset
            for topic, each in self._inputs.items()
            if not each.records and each.fetched is not None
        }

    def lag(self) -> int | None:
        """Return how many offsets are not decided yet; None if no end is known."""
        lags = [each.lag() for each in self._inputs.values()]
        known = [lag for lag in lags if lag is not None]
        return sum(known) if known else None

    def decided_to_ms(self, heard_ms: int) -> int:
        """Return up to when all that reached Kafka is taken; milliseconds since 1970.

        Args:
            heard_ms: Where the partition's time stands, for an input that has more to
                fetch: what is next there is not earlier.
        """
        return min(each.decided_to_ms(heard_ms) for each in self._inputs.values())

    def wall_ms(self, records: Sequence[Record], now_ms: int) -> int:
        """Return the wall time of a turn with these records.

        It is when Kafka last answered for all inputs: up to then a silence is known
        for one. What was heard later, of an input whose answer is newer, moves it on.

        Args:
            records: Taken for the turn.
            now_ms: The wall, for when no answer came yet.
        """
        answers = {
            topic: each.fetched.answered_ms
            for topic, each in self._inputs.items()
            if each.fetched is not None and each.fetched.answered_ms is not None
        }
        if not answers:
            return now_ms
        wall_ms = min(answers.values())
        if wall_ms == max(answers.values()):
            return wall_ms
        heard = (
            min(record.timestamp_ms, answers.get(record.topic, now_ms))
            for record in records
        )
        return max([wall_ms, *heard])

    def _undisputed(self) -> bool:
        """Tell whether one input has all that is here, and the others ended."""
        busy = [each for each in self._inputs.values() if each.records]
        return len(busy) == 1 and all(
            each.ended for each in self._inputs.values() if each is not busy[0]
        )

    def _next(self) -> deque[Record] | None:
        """Return the input whose next record goes first, if that is known."""
        first: deque[Record] | None = None
        for each in self._inputs.values():
            if each.records:
                if (
                    first is None
                    or each.records[0].timestamp_ms < first[0].timestamp_ms
                ):
                    first = each.records
            elif not each.ended:
                return None
        return first


class _Input:
    """One input: what waits here, and what the last fetch said of the log."""

    def __init__(self) -> None:
        self.records: deque[Record] = deque()
        self.fetched: Fetched | None = None

    @property
    def ended(self) -> bool:
        return not self.records and self.is_read_to_end

    @property
    def is_read_to_end(self) -> bool:
        return self.fetched is not None and self.fetched.caught_up

    def empty(self) -> list[Record]:
        records = list(self.records)
        self.records.clear()
        return records

    def lag(self) -> int | None:
        if self.fetched is None or self.fetched.end_offset is None:
            return None
        next_offset = self.fetched.next_offset
        if self.records:
            next_offset = self.records[0].offset
        return max(0, self.fetched.end_offset - next_offset)

    def decided_to_ms(self, heard_ms: int) -> int:
        if self.records:
            return self.records[0].timestamp_ms
        if self.ended and self.fetched is not None:
            return self.fetched.answered_ms or heard_ms
        return heard_ms
