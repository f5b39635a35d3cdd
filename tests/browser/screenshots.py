"""The pictures of the README: the page as it is in the middle of the demo's talk.

``make screenshots`` takes them anew. Nothing moves in them but the version of Chromium
and the fonts of the machine: the talk is decided by the rules, up to a moment.
"""

import asyncio
import sys

from msgspec.structs import replace

from schemas.codec import EVENT
from schemas.segment import CaptionSegment
from tests.browser.browser import FOLDER, Browser, missing
from tests.view.served import served
from workers.adapters.recording import open_recording
from workers.agents.offline import process
from workers.app import merge_rules, topic_rules
from workers.recordings import demo_recording
from workers.settings import Settings

IMAGES = FOLDER.parents[1] / "docs" / "images"
NEIGHBOURS = FOLDER.parents[1] / "tests/data/recordings/neighbours.jsonl"
ISLAND = "evening-studio"
FILM = (
    (NEIGHBOURS, "council-meeting", 300.0),
    (NEIGHBOURS, "neighbours", 120.0),
    (demo_recording(), ISLAND, 472.3),
)
"""What is shown: a recording, its name on the page, and up to when."""
PICTURES = (
    ("page", 1440, 900, "light", f"/#{ISLAND}"),
    ("page-dark", 1440, 900, "dark", f"/#{ISLAND}"),
    ("tablet", 768, 1024, "light", f"/#{ISLAND}"),
    ("phone", 320, 640, "dark", f"/#{ISLAND}"),
    ("wall", 1440, 810, "light", f"/?display=1#{ISLAND}"),
)


def decided(path, stream, until_s):
    """Return the messages of a recording up to a moment, as the worker decides them."""
    timed = open_recording(path).segments
    began_ms = 1_768_471_200_000  # when the recordings say that they were made
    rename = (
        (began_ms + round(at_s * 1000) + 12, replace(segment, stream_id=stream))
        for at_s, segment in timed
        if at_s <= until_s and isinstance(segment, CaptionSegment)
    )
    settings = Settings(sentences_per_topic=36)
    key = stream.encode()
    for _, output in process(rename, merge_rules(settings), topic_rules(settings)):
        yield EVENT.decode(key, output.value)


async def take() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    browser = Browser()
    try:
        async with served() as view:
            for path, stream, until_s in FILM:
                view.say(*decided(path, stream, until_s))
            for name, width, height, scheme, path in PICTURES:
                page = await browser.open(
                    view.address + path, width=width, height=height, scheme=scheme
                )
                await page.until("document.querySelector('#open .unstable, #log')")
                await page.until("document.querySelectorAll('.caption').length > 50")
                await asyncio.sleep(1)
                await page.ask("screenshot", path=str(IMAGES / f"{name}.png"))
                await page.close()
                sys.stdout.write(f"{IMAGES / name}.png\n")
    finally:
        browser.close()


if __name__ == "__main__":
    lacks = missing()
    if lacks is not None:
        raise SystemExit(lacks)
    asyncio.run(take())
