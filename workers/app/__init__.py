"""From settings to running agents: the one place that knows all the parts."""

from workers.app.deciding import (
    adapt_rules,
    caption_rules,
    mask,
    merge_rules,
    profile_named,
    rules_of,
    topic_model,
    topic_rules,
    trace_ratio,
)
from workers.app.kafka import (
    check,
    connection,
    prepare,
    set_otherwise,
    turn_settings,
)
from workers.app.life import make_agent, run, tracing_of
from workers.app.needs import (
    INPUTS,
    OUTPUTS,
    Needed,
    all_topics,
    kafka_topics,
    needed,
    retention_days,
    topics_of,
)

__all__ = [
    "INPUTS",
    "OUTPUTS",
    "Needed",
    "adapt_rules",
    "all_topics",
    "caption_rules",
    "check",
    "connection",
    "kafka_topics",
    "make_agent",
    "mask",
    "merge_rules",
    "needed",
    "prepare",
    "profile_named",
    "retention_days",
    "rules_of",
    "run",
    "set_otherwise",
    "topic_model",
    "topic_rules",
    "topics_of",
    "trace_ratio",
    "tracing_of",
    "turn_settings",
]
