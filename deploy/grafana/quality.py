"""Caption quality as it is spread over streams; one stream is the live page's job."""

from typing import Any

from deploy.grafana.panels import Query, board, lines, quantile, rate, streams

_SPREAD = "One observation a stream and window of 10 s; most streams are in the dark."


def quality() -> dict[str, Any]:
    """Return the dashboard as JSON."""
    return board(
        "captions-quality",
        "Captions: quality over streams",
        "How streams are spread: most are alike, and the bands that leave the others "
        "are those to look at, on the live page.",
        {
            "Late": [
                streams(
                    "Latency of streams",
                    f"Median of each stream's final captions. {_SPREAD}",
                    "captions_stream_latency_seconds",
                    "s",
                ),
                _middle_and_worst(
                    "Latency of the middle stream and of the slowest tenth",
                    "Over streams and windows.",
                    "captions_stream_latency_seconds",
                    "s",
                ),
            ],
            "Flicker": [
                streams(
                    "Normalized erasure",
                    f"Words that viewers saw go, over final words. {_SPREAD}",
                    "captions_stream_erasure_ratio",
                    "percentunit",
                ),
                streams(
                    "The same of what was called stable",
                    f"Anything but the lowest band breaks a promise. {_SPREAD}",
                    "captions_stream_stable_erasure_ratio",
                    "percentunit",
                ),
                streams(
                    "Unstable words of the recogniser (UPWR)",
                    f"Guessed words that became others, over final words. {_SPREAD}",
                    "captions_stream_unstable_ratio",
                    "percentunit",
                ),
                _middle_and_worst(
                    "Erasure of the middle stream and of the worst tenth",
                    "Over streams and windows.",
                    "captions_stream_erasure_ratio",
                    "percentunit",
                ),
            ],
            "Doubt": [
                streams(
                    "Uncertain captions",
                    f"Of a stream's final captions. {_SPREAD}",
                    "captions_stream_uncertain_ratio",
                    "percentunit",
                ),
                streams(
                    "Media time without words",
                    f"Seconds of gaps of 10 s and more, told at their end. {_SPREAD}",
                    "captions_stream_gap_seconds",
                    "s",
                ),
            ],
            "Reading": [
                streams(
                    "Cues that keep their profile",
                    f"Share of a stream's cues, in its worst profile. {_SPREAD}",
                    "captions_stream_cue_compliance_ratio",
                    "percentunit",
                ),
                lines(
                    "Rules that cues broke",
                    "A second, by profile and rule; why is in each cue (`because`).",
                    [
                        Query(
                            rate("captions_cue_rules_broken_total", "profile, rule"),
                            "{{profile}} {{rule}}",
                        )
                    ],
                    "cps",
                    width=12,
                ),
                streams(
                    "Words a minute",
                    f"Of media time in captions. {_SPREAD}",
                    "captions_stream_words_per_minute",
                    "none",
                    width=24,
                ),
            ],
        },
    )


def _middle_and_worst(title: str, about: str, metric: str, unit: str) -> Any:
    return lines(
        title,
        about,
        [
            Query(quantile(0.5, metric), "{{job}} middle"),
            Query(quantile(0.9, metric), "{{job}} worst tenth"),
        ],
        unit,
        width=12,
    )
