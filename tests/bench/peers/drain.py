"""How fast a peer works off a backlog, and at what cost."""

import asyncio
import time
from typing import Any

from tests.bench.peers.contestants import Contestant
from tests.bench.peers.kafka_side import Outputs, create
from tests.bench.peers.segments import Sent
from workers.delivery.clients import Connection

_LIMIT_S = 120.0
_SILENT_S = 30.0


async def drain(
    connection: Connection, peer: Contestant, backlog: str, sent: list[Sent]
) -> dict[str, Any]:
    """Let a peer work off a backlog; return a line for the journal.

    The rate counts from its first segment to its last caption seen, CPU as well; what
    starting costs stands beside.
    """
    names = await create(connection, peer.name, backlog)
    captions = {one.caption["caption_id"]: one.caption for one in sent if one.caption}
    async with Outputs(connection, names.output) as outputs:
        process = peer.run(connection.bootstrap, names)
        try:
            changed_s, seen = time.time(), 0
            while process.alive and seen < len(captions):
                await asyncio.sleep(0.02)
                now_s = time.time()
                if len(outputs.values) > seen:
                    seen, changed_s = len(outputs.values), now_s
                if now_s - changed_s > _SILENT_S or now_s - process.began_s > _LIMIT_S:
                    break
            start, cpu_s, peak_mib = None, 0.0, 0.0
            if process.alive:
                start = process.start()
                cpu_s, peak_mib = process.cpu_s(), process.peak_mib()
        finally:
            process.stop()
    judgement = outputs.judge(captions)
    line = {"what": "drain", "peer": peer.name, "segments": len(sent)}
    if start is None or not outputs.values:
        return {**line, "failed": process.log.read_text(errors="replace")[-2000:]}
    seconds = outputs.times_s[-1] - start.at_s
    return {
        **line,
        "rate": round(len(sent) / seconds),
        "cpu_s": round((cpu_s - start.cpu_s) * 100_000 / len(sent), 3),
        "start_cpu_s": round(start.cpu_s, 2),
        "first_s": round(outputs.times_s[0] - process.began_s, 2),
        "mib": round(peak_mib),
        **judgement._asdict(),
    }
