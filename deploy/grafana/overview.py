"""The overview: health → latency → lag → caption quality → topics → state."""

from typing import Any

from deploy.grafana.panels import (
    OURS,
    RATE,
    Query,
    board,
    lines,
    mean,
    number,
    quantile,
    quantiles,
    rate,
)

_WARN, _BAD = "orange", "red"


def overview() -> dict[str, Any]:
    """Return the dashboard as JSON."""
    return board(
        "captions-overview",
        "Captions: overview",
        "Whether captions are made, in time, and how well; see docs/RUNBOOK.md.",
        {
            "Health": _health(),
            "Latency": _latency(),
            "Lag": _lag(),
            "Caption quality": _quality(),
            "Topics": _topics(),
            "State": _state(),
        },
    )


def _health() -> list[Any]:
    return [
        number(
            "Not ready",
            "Processes that make no captions now, or late ones; /ready says why.",
            f"count(captions_ready{{{OURS}}}) - sum(captions_ready{{{OURS}}})",
            "none",
            {1: _BAD},
        ),
        number(
            "Streams",
            "Live streams.",
            f"sum(captions_streams{{{OURS}}})",
            "none",
            {},
        ),
        number(
            "Incomplete",
            "Live streams that lack words now.",
            f'sum(captions_streams{{{OURS}, state="incomplete"}})'
            f" / (sum(captions_streams{{{OURS}}}) > 0)",
            "percentunit",
            {0.05: _WARN, 0.1: _BAD},
        ),
        number(
            "Words late by",
            "Mean over all agents; Ofcom allows 4.5 s.",
            f"sum(rate(captions_delay_seconds_sum{{{OURS}}}[{RATE}]))"
            f" / (sum(rate(captions_delay_seconds_count{{{OURS}}}[{RATE}])) > 0)",
            "s",
            {2: _WARN, 4.5: _BAD},
        ),
        number(
            "Behind by",
            "The partition that is furthest behind.",
            f"max(captions_lag_seconds{{{OURS}}})",
            "s",
            {5: _WARN, 30: _BAD},
        ),
        number(
            "Refused",
            "Records that could not be used, of those read.",
            f"sum(rate(captions_rejected_total{{{OURS}}}[{RATE}]))"
            f" / (sum(rate(captions_records_total{{{OURS}}}[{RATE}])) > 0)",
            "percentunit",
            {0.001: _WARN, 0.01: _BAD},
        ),
        lines(
            "Ready processes",
            "By agent; each owns some of the partitions.",
            [Query(f"sum by (job) (captions_ready{{{OURS}}})")],
            "none",
        ),
        lines(
            "Records read",
            "Records a second by agent.",
            [Query(rate("captions_records_total", "job"))],
            "cps",
        ),
        lines(
            "Event loop held up",
            "The slowest hundredth: what heartbeats and fetches wait for.",
            [Query(quantile(0.99, "captions_loop_stall_seconds"))],
            "s",
            limits={1: _BAD},
        ),
    ]


def _latency() -> list[Any]:
    return [
        lines(
            "Words late, mean",
            "From the end of speech until viewers had its words, as far as known.",
            [Query(mean("captions_delay_seconds"))],
            "s",
            limits={2: _WARN, 4.5: _BAD},
        ),
        lines(
            "Words late",
            "The same: the middle, and the slowest twentieth and hundredth.",
            quantiles("captions_delay_seconds"),
            "s",
        ),
        lines(
            "Who spends it",
            "Mean by stage. What policy holds are ends of captions; their words are on "
            "the screen already.",
            [Query(mean("captions_stage_seconds", "job, stage"), "{{job}} {{stage}}")],
            "s",
        ),
        lines(
            "Speech to final caption",
            "Of captions of which all stages are known, with what policy held.",
            quantiles("captions_latency_seconds"),
            "s",
        ),
        lines(
            "Turn",
            "From fetched to committed.",
            quantiles("captions_turn_seconds"),
            "s",
        ),
        lines(
            "In a turn",
            "Deciding is CPU; a transaction is mostly Kafka.",
            [
                Query(quantile(0.95, "captions_decide_seconds"), "{{job}} decide p95"),
                Query(
                    quantile(0.95, "captions_transaction_seconds"),
                    "{{job}} transaction p95",
                ),
            ],
            "s",
        ),
    ]


def _lag() -> list[Any]:
    return [
        lines(
            "Behind, in seconds",
            "Age of the oldest record that may not be decided: the worst partitions.",
            [
                Query(
                    f"topk(5, max by (job, partition) "
                    f"(captions_lag_seconds{{{OURS}}}))",
                    "{{job}} {{partition}}",
                )
            ],
            "s",
            limits={30: _BAD},
        ),
        lines(
            "Behind, in records",
            "By agent.",
            [Query(f"sum by (job) (captions_lag_records{{{OURS}}})")],
            "short",
        ),
        lines(
            "Partitions owned",
            "By process: how the group shares them out.",
            [
                Query(
                    f"count by (job, instance) (captions_lag_records{{{OURS}}})",
                    "{{job}} {{instance}}",
                )
            ],
            "none",
        ),
    ]


def _quality() -> list[Any]:
    return [
        lines(
            "Streams by state",
            "As their last figures told; the live page shows a single stream.",
            [Query(f"sum by (state) (captions_streams{{{OURS}}})", "{{state}}")],
            "none",
            stacked=True,
        ),
        lines(
            "What became of segments",
            "A second, by outcome.",
            [Query(rate("captions_segments_total", "outcome"), "{{outcome}}")],
            "cps",
            stacked=True,
        ),
        lines(
            "Refused, by reason",
            "A second; the records are on the Kafka topic of rejected ones.",
            [
                Query(
                    rate("captions_rejected_total", "job, reason"), "{{job}} {{reason}}"
                )
            ],
            "cps",
        ),
        lines(
            "Caption events",
            "A second, by type.",
            [
                Query(
                    rate("captions_events_total", "type", ', type=~"caption.+|cue.+"'),
                    "{{type}}",
                )
            ],
            "cps",
        ),
        lines(
            "Flags",
            "On final captions, a second.",
            [Query(rate("captions_flags_total", "flag"), "{{flag}}")],
            "cps",
        ),
        lines(
            "Cues that keep their profile",
            "Share of those shown.",
            [
                Query(
                    rate("captions_cues_total", "profile", ', outcome="kept"')
                    + " / ("
                    + rate("captions_cues_total", "profile", ', outcome=~"kept|broke"')
                    + " > 0)",
                    "{{profile}}",
                )
            ],
            "percentunit",
        ),
    ]


def _topics() -> list[Any]:
    return [
        lines(
            "Topic events",
            "A second: started and then confirmed or withdrawn.",
            [
                Query(
                    rate("captions_events_total", "type", ', type=~"topic.+"'),
                    "{{type}}",
                )
            ],
            "cps",
            width=12,
        ),
        lines(
            "Until a topic is sure",
            "Media time from its first word to its confirmation.",
            [
                Query(quantile(0.5, "captions_topic_decision_seconds"), "p50"),
                Query(quantile(0.95, "captions_topic_decision_seconds"), "p95"),
            ],
            "s",
            width=12,
        ),
    ]


def _state() -> list[Any]:
    return [
        lines(
            "Streams remembered",
            "Gravestones of ended ones too, for an hour.",
            [Query(f"sum by (job) (captions_state_entries{{{OURS}}})")],
            "none",
            width=6,
        ),
        lines(
            "State",
            "As written on Kafka.",
            [Query(f"sum by (job) (captions_state_bytes{{{OURS}}})")],
            "bytes",
            width=6,
        ),
        lines(
            "State still to read back",
            "After a start, or when partitions come.",
            [Query(f"sum by (job) (captions_restore_remaining_records{{{OURS}}})")],
            "none",
            width=6,
        ),
        lines(
            "Transactions",
            "A second: outputs, state and position of one partition each.",
            [Query(rate("captions_transactions_total", "job"))],
            "cps",
            width=6,
        ),
    ]
