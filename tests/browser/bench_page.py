"""How soon a word is on the page: from sending its segment to its text in a browser.

``make bench-page`` runs it: a real Kafka, both agents, the view, twenty streams that
talk, and Chromium looking at one of them.
"""

import argparse
import asyncio
import sys
import uuid

from tests.browser.browser import Browser, missing
from workers.app import prepare
from workers.bench.talking import names
from workers.bench.view import live, spread
from workers.broker import EmbeddedKafka
from workers.settings import load_settings

WATCH = """
window.ages = [];
addEventListener("DOMContentLoaded", () => new MutationObserver((list) => {
  const now = performance.timeOrigin + performance.now();
  for (const { target } of list) {
    const text = target.nodeType === Node.TEXT_NODE ? target.data : target.textContent;
    const sent = text.match(/w\\d{13}/g);
    if (!sent) continue;
    // Visible is what has been painted: the frame after this one.
    const word = Number(sent.at(-1).slice(1));
    requestAnimationFrame(() => setTimeout(() => ages.push([word,
      performance.timeOrigin + performance.now() - word])));
  }
}).observe(document.querySelector("#open"),
  { subtree: true, childList: true, characterData: true }));
"""


async def run(broker: str, streams: int, seconds: int) -> None:
    settings = load_settings(
        broker=broker, prefix=f"bench-{uuid.uuid4().hex[:8]}", partitions=4
    )
    await prepare(settings)
    chosen = names(streams)
    browser = Browser()
    try:
        async with live(settings, chosen) as view:
            page = await browser.open(
                f"http://127.0.0.1:{view.port}/#{chosen[0]}", before=WATCH
            )
            await page.until("ages.length > 5")
            await page.evaluate("ages.length = 0")
            await asyncio.sleep(seconds)
            seen: dict[int, float] = {}
            for word, age in await page.evaluate("ages"):
                seen.setdefault(word, age)  # when it was first there
    finally:
        browser.close()
    one = spread(seen.values())
    sys.stdout.write(
        f"{streams} streams, one of them watched: {one.count} words on the page after "
        f"{one.p50:.0f} ms (median), {one.p95:.0f} ms (95th percentile), "
        f"{one.p99:.0f} ms (99th)\n"
    )


def main() -> None:
    lacks = missing()
    if lacks is not None:
        raise SystemExit(lacks)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--streams", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=60)
    given = parser.parse_args()
    with EmbeddedKafka() as kafka:
        asyncio.run(run(kafka.bootstrap, given.streams, given.seconds))


if __name__ == "__main__":
    main()
