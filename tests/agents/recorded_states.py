"""States as each version wrote them, kept for ever; `make states` adds what is new.

It never writes over what is there: a state that has been written may be on somebody's
Kafka.
"""

import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import msgspec

from schemas.codec import encode
from schemas.kafka_topics import AGENTS, adapt_agent
from tests.adapters.provider_fixtures import messages
from tests.agents.turns import run
from tests.end_to_end.stage import end_of, talk
from workers.adapters.providers.registry import PROVIDERS
from workers.agents.states import StateCodec
from workers.agents.topics import TopicRules
from workers.app import rules_of
from workers.core.topics import TopicModel
from workers.delivery.records import Record
from workers.settings import Settings

FOLDER = Path(__file__).parent / "states"
SETTINGS = Settings(profiles=("web", "netflix"), providers=tuple(sorted(PROVIDERS)))
START_MS = 1_800_000_000_000


def agents() -> list[str]:
    return [*AGENTS, *map(adapt_agent, SETTINGS.providers)]


def codec_of(agent: str) -> StateCodec[Any]:
    """Return how an agent writes its states; without what topics are told by."""
    if agent == "topics":
        return TopicRules(cast("TopicModel", None), SETTINGS.prefix)
    return cast("StateCodec[Any]", rules_of(SETTINGS, agent))


def path_of(agent: str, version: int) -> Path:
    return FOLDER / f"{agent}.v{version}.json"


def shape_of(codec: StateCodec[Any]) -> Any:
    """Return what a state of this agent may look like, without what is said of it."""
    return json.loads(json.dumps(_bare(msgspec.json.schema(codec.kind))))


def _bare(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            name: _bare(part)
            for name, part in schema.items()
            if name not in {"description", "title"}
        }
    return [_bare(part) for part in schema] if isinstance(schema, list) else schema


def recorded(agent: str, version: int) -> list[bytes]:
    """Return the states that a version of an agent wrote."""
    kept = json.loads(path_of(agent, version).read_text())
    if "base64" in kept:
        return [b64decode(state) for state in kept["base64"]]
    return [state.encode() for state in kept["states"]]


def written_by(agent: str) -> list[bytes]:
    """Return states that an agent writes now: early, late and at the stream's end."""
    rules = rules_of(SETTINGS, agent)
    log = list(_log(agent))
    found: dict[bytes, None] = {}
    for end in sorted({3, 12, len(log) // 2, len(log) - 1, len(log)}):
        for state in run(rules, log[:end])[1].values():
            found[state] = None
    return list(found)


def _as_kept(states: list[bytes]) -> dict[str, list[str]]:
    try:
        return {"states": [state.decode() for state in states]}
    except UnicodeDecodeError:
        return {"base64": [b64encode(state).decode() for state in states]}


def _log(agent: str) -> Iterator[Record]:
    """Return what an agent reads: a talk, or a recogniser's conversation."""
    if agent.startswith("adapt-"):
        rows = [(b"a", each) for each in messages(agent.removeprefix("adapt-"))]
        yield from _records("provider", rows)
        return
    said = _records(
        "segments", [(b"a", encode(one)) for one in [*talk("a", 90), end_of("a")]]
    )
    if agent == "merge":
        yield from said
        return
    merge = rules_of(SETTINGS, "merge")
    outputs, _ = run(merge, list(said))
    for number, (time_ms, output) in enumerate(outputs):
        if output.topic == rules_of(SETTINGS, "topics").input:
            yield Record(
                output.topic,
                0,
                number,
                time_ms,
                output.key,
                output.value,
                output.headers,
            )


def _records(topic: str, rows: list[tuple[bytes, bytes]]) -> Iterator[Record]:
    for at, (key, value) in enumerate(rows):
        yield Record(topic, 0, at, START_MS + 700 * at, key, value)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for agent in agents():
        codec = codec_of(agent)
        path = path_of(agent, codec.state_version)
        if not path.exists():
            kept = {"shape": shape_of(codec)} | _as_kept(written_by(agent))
            path.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
            sys.stdout.write(f"{path.name}\n")


if __name__ == "__main__":
    main()
