"""The HLS playlist in a real player library: hls.js plays it beside real audio."""

import asyncio

import pysubs2

from tests.browser.player import MPEGTS, player
from tests.view.messages import cue, ended, final
from tests.view.served import served

SHOWN = (
    "[...new Set([...video.textTracks].flatMap(track => [...(track.cues ?? [])])"
    ".map(one => JSON.stringify([one.startTime, one.endTime,"
    " one.getCueAsHTML().textContent])))].map(JSON.parse)"
)
EACH = "[...video.textTracks].flatMap(track => [...(track.cues ?? [])]).length"


def said(view, first, last):
    for number in range(first, last):
        text = f"This is sentence number {number}."
        view.say(final(number, text), cue(number, text, speaker="ANNA"))


async def cues_of(view):
    """Return the cues as the file has them: start and end in seconds, and text."""
    text = (await view.ask("/streams/island/captions.vtt"))[2].decode()
    return [
        (event.start / 1000, event.end / 1000, event.plaintext)
        for event in pysubs2.SSAFile.from_string(text, format_="vtt")
    ]


async def shows_all(page, wanted):
    await page.until(f"{SHOWN}.length >= {len(wanted)}")
    shown = sorted(await page.evaluate(SHOWN))
    assert [text for *_, text in shown] == [text for *_, text in wanted]
    for (start_s, end_s, _), (at_s, until_s, _) in zip(shown, wanted, strict=True):
        # The audio begins a frame or two off its place.
        assert abs(start_s - at_s) < 0.1
        assert abs(end_s - until_s) < 0.1
    # A cue across the edge of a segment came twice, and is there once.
    assert await page.evaluate(EACH) == len(wanted)


async def test_a_player_shows_each_cue_once_and_at_its_time(chromium):
    async with player(7) as (origin, told), served(origins=(origin,)) as view:
        said(view, 0, 10)
        view.say(ended(end_s=39.5))
        told["captions"] = (
            f"{view.address}/streams/island/hls/captions.m3u8"
            f"?from=start&mpegts={MPEGTS}"
        )
        page = await chromium.open(origin)
        await shows_all(page, await cues_of(view))
        assert await page.evaluate("problems") == []
        await page.close()


async def test_a_player_follows_a_stream_that_goes_on(chromium):
    async with player(12) as (origin, told), served(origins=(origin,)) as view:
        said(view, 0, 8)
        told["captions"] = (
            f"{view.address}/streams/island/hls/captions.m3u8?mpegts={MPEGTS}"
        )
        page = await chromium.open(origin)
        await page.until(f"{SHOWN}.length >= 5")
        said(view, 8, 12)
        view.say(ended(end_s=47.5))
        await asyncio.sleep(0)
        await shows_all(page, await cues_of(view))
        assert await page.evaluate("problems") == []
        await page.close()
