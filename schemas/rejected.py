"""What cannot be used: the headers that say why, beside the untouched bytes."""

from schemas.events import Headers, rfc3339


def rejected_headers(
    *,
    reason: str,
    agent: str,
    topic: str,
    partition: int,
    offset: int,
    error: str,
    time_ms: int,
) -> Headers:
    """Make the headers of a record on ``captions.rejected.v1``.

    Args:
        reason: One word, such as ``not_json`` or ``too_late``.
        agent: Who refused it.
        topic: The Kafka topic it came from.
        partition: Its partition there.
        offset: Its offset there.
        error: What is wrong, in words; at most 500 code points are kept.
        time_ms: The time of the turn, milliseconds since 1970.
    """
    return (
        ("ce_specversion", b"1.0"),
        ("ce_type", b"captions.rejected.v1"),
        ("ce_id", f"{topic}-{partition}-{offset}.rejected".encode()),
        ("ce_time", rfc3339(time_ms).encode()),
        ("ce_source", f"caption-worker/{agent}".encode()),
        ("rejected_reason", reason.encode()),
        ("rejected_topic", topic.encode()),
        ("rejected_partition", str(partition).encode()),
        ("rejected_offset", str(offset).encode()),
        ("rejected_error", error[:500].encode(errors="replace")),
    )
