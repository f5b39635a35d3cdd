"""All providers, by name."""

from typing import Any

from workers.adapters.providers import (
    assemblyai,
    aws_call_analytics,
    aws_transcribe,
    azure,
    deepgram,
    deepgram_flux,
    gladia,
    google,
    lca,
    riva,
    skynet,
    soniox,
    speechmatics,
    vexa,
    whisper_streaming,
    whisperlive,
    whisperlivekit,
)
from workers.adapters.providers.provider import Provider

PROVIDERS: dict[str, Provider[Any]] = {
    module.PROVIDER.name: module.PROVIDER
    for module in (
        assemblyai,
        aws_call_analytics,
        aws_transcribe,
        azure,
        deepgram,
        deepgram_flux,
        gladia,
        google,
        lca,
        riva,
        skynet,
        soniox,
        speechmatics,
        vexa,
        whisper_streaming,
        whisperlive,
        whisperlivekit,
    )
}
"""Each provider whose messages can be read."""


def providers_table() -> str:
    """Return all providers as the rows of a Markdown table, for the README."""
    rows = [
        f"| {one.title} | `{one.name}` | {', '.join(one.units)} | `{one.semantics}` "
        f"| {one.maps} | {one.unknown} |"
        for one in sorted(PROVIDERS.values(), key=lambda one: one.title.lower())
    ]
    head = [
        "| Recogniser | `--provider` | Times | Texts | Mapped | Cannot be known |",
        "| --- " * 6 + "|",
    ]
    return "\n".join([*head, *rows]) + "\n"
