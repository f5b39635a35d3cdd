"""What the rules decide about all kinds of input, case by case, as one digest each.

Run as a program, it is asked of the rules that its path finds first; the numbers of
those that are compiled are on the second line.
"""

import hashlib
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from schemas.codec import encode
from schemas.segment import CaptionCorrection, CaptionSegment
from tests.poison.corpus import CORPUS
from workers.adapters.recording import open_recording
from workers.agents.offline import OfflineAgent
from workers.app import merge_rules, topic_rules
from workers.bench.simulator import KINDS
from workers.delivery.decide import Work, decide
from workers.delivery.records import Output, Record
from workers.delivery.store import Store
from workers.recordings import demo_recording
from workers.settings import Settings

SEEDS = 2
UTTERANCES = 12
START_MS = 1_800_000_000_000
SETTINGS = Settings(
    profiles=["web", "netflix", "bbc", "cea608"],
    watch_words={"boats": ["boat*", "/harb\\w+/"]},
    mask_words=["en"],
)


def decisions() -> dict[str, str]:
    """Return a digest of all that is written, and of each state, by case."""
    merge, topics = merge_rules(SETTINGS), topic_rules(SETTINGS)
    found = {"the demo's talk": _digest(_heard(merge, topics, _recorded()))}
    for name, kind in KINDS.items():
        for seed in range(SEEDS):
            _, sent = kind.simulate(seed, UTTERANCES)
            said = [(START_MS + round(one.at_s * 1000), one.segment) for one in sent]
            found[f"{name}, {seed}"] = _digest(_heard(merge, topics, said))
    for poison in CORPUS:
        found[f"poison {poison}"] = _digest(_poisoned(merge, poison.rows))
    return found


def _recorded() -> Iterator[tuple[int, CaptionSegment | CaptionCorrection]]:
    for one in open_recording(demo_recording()).segments:
        yield round(one.at_s * 1000), one.segment


def _heard(
    merge: Any,
    topics: Any,
    segments: Iterable[tuple[int, CaptionSegment | CaptionCorrection]],
) -> Iterator[Any]:
    """Yield what both agents write, and their states as they change."""
    merging, naming = OfflineAgent(merge), OfflineAgent(topics)
    for sent_ms, segment in segments:
        said = Output(merge.input, segment.stream_id.encode(), encode(segment))
        for time_ms, output in merging.take(said, sent_ms):
            yield time_ms, output
            if output.topic == topics.input:
                yield naming.take(output, time_ms)
                yield _states(topics, naming.changed)
        yield _states(merge, merging.changed)


def _poisoned(merge: Any, rows: Iterable[tuple[Any, ...]]) -> Iterator[Any]:
    store: Store[Any] = Store(merge.deadline_ms)
    log = [
        Record(merge.input, 0, at, START_MS + at, *row) for at, row in enumerate(rows)
    ]
    decided = decide(merge, Work(0, store, log, 0, START_MS + 2**40, caught_up=False))
    yield decided.outputs, decided.rejections, decided.notes
    yield _states(merge, decided.changes)


def _states(rules: Any, changed: dict[bytes, Any]) -> list[Any]:
    return [
        (key, None if state is None else rules.encode_state(state))
        for key, state in changed.items()
    ]


def _digest(values: Iterable[Any]) -> str:
    digest = hashlib.blake2b(digest_size=12)
    for value in values:
        digest.update(repr(value).encode(errors="surrogatepass"))
    return digest.hexdigest()


def compiled_modules() -> list[str]:
    """Name the modules of the worker that run compiled in this process."""
    return sorted(
        name
        for name, module in sys.modules.items()
        if name.startswith(("schemas.", "workers."))
        and Path(getattr(module, "__file__", None) or "").suffix == ".so"
    )


if __name__ == "__main__":
    decided = decisions()
    sys.stdout.write(msgspec.json.encode([compiled_modules(), decided]).decode())
