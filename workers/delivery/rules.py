"""What an agent brings: its rules over one state a key."""

from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from workers.delivery.records import Output, Record

S = TypeVar("S")


class Decision(Struct, Generic[S], frozen=True, gc=False):
    """A new state and what to say about it.

    The very state that was passed in means "unchanged" and writes nothing; None ends
    the key, in memory and by a tombstone on Kafka.
    """

    state: S | None
    outputs: tuple[Output, ...] = ()
    notes: tuple[str, ...] = ()
    """What became of the record, in a word or two, for whoever counts."""


class RefusedError(Exception):
    """Raised by `Rules.on_record` for a record that cannot be used, with its reason.

    Args:
        reason: One word, such as ``not_json``.
        error: What is wrong, in words.
    """

    def __init__(self, reason: str, error: str) -> None:
        super().__init__(f"{reason}: {error}")
        self.reason = reason
        self.error = error


class Rules(Protocol[S]):
    """Pure decisions: no clock, no I/O, no memory outside the state.

    States are values: a rule returns a new one and never changes the one it got, or
    memory would run ahead of Kafka.
    """

    @property
    def state_version(self) -> int:
        """The version `encode_state` writes; raise it when old bytes need help."""

    def encode_state(self, state: S) -> bytes:
        """Return the bytes of a state."""

    def decode_state(self, version: int, data: bytes) -> S:
        """Return the state in *data*, which has this version or the one before.

        Raises:
            UnknownStateVersionError: it has any other version.
        """

    def deadline_ms(self, state: S) -> int | None:
        """Return when this state wants `on_deadline`, if nothing is heard before."""

    def on_record(self, state: S | None, record: Record, now_ms: int) -> Decision[S]:
        """Decide about one record.

        An exception rejects this record and touches nothing else: no state, no
        neighbour. Without a key there is no state, and none may be returned.
        """

    def on_deadline(self, key: bytes, state: S, now_ms: int) -> Decision[S]:
        """Decide at the state's deadline; the new one must be later.

        An exception here is a bug and ends the process.
        """

    def skip(self, record: Record) -> bool:
        """Tell, by its headers alone, whether a record is of no interest."""

    def rejected(self, record: Record, reason: str, error: str, now_ms: int) -> Output:
        """Return what tells of a rejected record; small whatever the record is.

        Called with the reasons ``failed``, ``output_too_large``, ``reserved_key``,
        ``quarantined`` (then the record was not read) or a `RefusedError`'s own.
        """
