"""The agents ``merge`` and ``topics`` as the oracle sees them."""

from collections.abc import Callable
from typing import Any

from schemas.kafka_topics import full_name
from tests.oracle.dump import Entry
from tests.oracle.watched import Rejected, Watched
from workers.app import needed, rules_of
from workers.delivery.rules import Rules
from workers.settings import Settings

_BY_RULE = frozenset(
    {
        *("too_late", "old_epoch", "unknown_caption", "not_final", "empty_text"),
        *("too_long", "corrected_before", "older_correction"),
    }
)
"""What the rules say of a record that can be used, and is of no use here."""


def captions(
    settings: Settings, agent: str, rules: Rules[Any] | None = None
) -> Watched:
    """Return what is to be known of an agent."""
    names = needed(agent)
    prefix = settings.prefix
    return Watched(
        rules=rules or rules_of(settings, agent),
        group=f"{prefix}-{agent}",
        inputs=tuple(full_name(prefix, topic) for topic in names.inputs),
        outputs=tuple(full_name(prefix, topic) for topic in names.outputs),
        state=full_name(prefix, names.state),
        rejected=f"{prefix}.rejected.v1",
        marks=_marks,
        is_own=_wrote(agent),
        by_rule=_BY_RULE,
    )


def _marks(entry: Entry) -> Rejected:
    marks = dict(entry.headers)
    return Rejected(
        marks["rejected_topic"].decode(),
        int(marks["rejected_offset"]),
        marks["rejected_reason"].decode(),
    )


def _wrote(agent: str) -> Callable[[Entry], bool]:
    source = ("ce_source", f"caption-worker/{agent}".encode())
    return lambda entry: (
        source in entry.headers
        or not any(name == source[0] for name, _ in entry.headers)
    )
