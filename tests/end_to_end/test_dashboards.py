"""Every query of the dashboards has data while a real Prometheus scrapes a worker."""

import asyncio
import json
import math
import signal
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from deploy.grafana.__main__ import DASHBOARDS, FOLDER, written
from schemas.codec import encode
from schemas.segment import CaptionSegment
from tests.end_to_end.prometheus import prometheus
from tests.end_to_end.stage import Stage, end_of, interleaved, talk
from tests.kafka_log import until
from workers.delivery.exits import Exit

ISLAND = Path(__file__).parents[2] / "workers" / "recordings" / "island.jsonl"
WAVES = 4


@pytest.mark.parametrize("name", DASHBOARDS)
def test_the_dashboards_are_what_the_code_makes(name):
    assert (FOLDER / name).read_text() == written(name), "run `make dashboards`"


def queries() -> list[tuple[str, str]]:
    """Return title and expression of each query of each dashboard."""
    return [
        (f"{name}: {panel['title']}", target["expr"])
        for name in DASHBOARDS
        for panel in json.loads((FOLDER / name).read_text())["panels"]
        for target in panel.get("targets", ())
    ]


def wave(number: int) -> list[tuple[bytes, bytes]]:
    """Return segments in which there is something of all that is counted."""
    began = datetime.now(UTC) - timedelta(seconds=70)
    timed = [
        CaptionSegment(
            stream_id=f"timed-{number}",
            text=f"Sentence number {at} of it.",
            is_final=True,
            segment_id=f"t{at}",
            start_s=3.0 * at,
            end_s=3.0 * at + 2,
            stream_started_at=began,
            emitted_at=began + timedelta(seconds=3 * at + 3),
        )
        for at in range(20)
    ]
    island = f"island-{number}"
    told = [
        (island.encode(), json.dumps(json.loads(line) | {"stream_id": island}).encode())
        for line in ISLAND.read_text().splitlines()
    ]
    live = interleaved([talk(f"live-{number}-{one}", 30) for one in range(3)])
    ended = [end_of(f"timed-{number}"), end_of(island)]
    rows = [(one.stream_id.encode(), encode(one)) for one in (*timed, *live, *ended)]
    return [(b"nobody", b"{"), *told, *rows]


async def test_every_query_has_data_while_a_worker_is_at_work(kafka, tmp_path):
    stage = Stage(kafka.bootstrap, f"seen-{uuid.uuid4().hex[:8]}", tmp_path)
    await stage.create()
    worker = stage.start()
    targets = {
        f"captions-{agent}": f"127.0.0.1:{port}" for agent, port in worker.ports.items()
    }
    try:
        for agent in ("merge", "topics"):
            await until(lambda agent=agent: worker.is_ready(agent))
        with prometheus(tmp_path, targets) as server:
            for number in range(WAVES):
                await stage.send_raw(wave(number))
                await asyncio.sleep(3)
            await stage.drained()
            await asyncio.sleep(2)
            empty = []
            for title, expression in queries():
                asked = expression.replace("$job", ".+")
                asked = asked.replace("$__rate_interval", "1m")
                values = await asyncio.to_thread(server.values, asked)
                if not any(map(math.isfinite, values)):
                    empty.append(f"{title}: {asked}")
            rules = await asyncio.to_thread(server.ask, "rules")
        assert not empty, "\n".join(empty)
        broken = [
            rule["name"]
            for group in rules["groups"]
            for rule in group["rules"]
            if rule["health"] == "err"
        ]
        assert broken == []
        assert await worker.end(signal.SIGTERM) == Exit.OK
    finally:
        stage.close()
