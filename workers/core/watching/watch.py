"""What the rules ask of a watch: where its phrases stand in a text."""

from typing import Final, Protocol

from workers.core.watching.place import Place

MAX_SPOTS: Final = 8
"""Of one caption, the first ones; a caption with more repeats itself."""


class _Nothing:
    """Watches for nothing."""

    def find(self, text: str) -> tuple[Place, ...]:  # noqa: ARG002  # as `Watch` has it
        return ()


class Watch(Protocol):
    """Finds what is watched for, in time linear in the text."""

    def find(self, text: str) -> tuple[Place, ...]:
        """Return the first ``MAX_SPOTS`` places, in order; pure."""
        ...


NOTHING: Final[Watch] = _Nothing()
