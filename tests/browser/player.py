"""A product's own player, on an origin of its own: hls.js, and silence to play."""

import asyncio
import socket
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route
from uvicorn import Config, Server

from tests.browser.browser import PACKAGES

MPEGTS = 900_000
"""What the clock of 90 kHz shows when the audio begins."""
RATE = 44_100
FRAME = bytes.fromhex("fff1504001bffc") + bytes.fromhex("00c800802380")
"""1024 samples of silence as AAC (ISO 14496-3), one channel, with its ADTS header."""
FRAMES = -(-6 * RATE // 1024)
PIECE_S = FRAMES * 1024 / RATE
OWNER = b"com.apple.streaming.transportStreamTimestamp\0"

PAGE = """<!doctype html><title>Player</title><video muted></video>
<script src="/hls.js"></script><script>
window.problems = [];
window.video = document.querySelector("video");
const hls = new Hls({enableWorker: false, maxBufferLength: 60});
hls.on(Hls.Events.ERROR, (_, data) =>
  problems.push(`${data.details}: ${data.reason ?? data.error?.message ?? ""}`));
hls.loadSource("/main.m3u8");
hls.attachMedia(video);
</script>"""


def piece(number):
    """Return six seconds of silence that tell their place on the clock.

    Source: HTTP Live Streaming, section 3.4, packed audio (RFC 8216).
    """
    at = MPEGTS + round(number * PIECE_S * 90_000)
    told = OWNER + at.to_bytes(8)
    frame = b"PRIV" + len(told).to_bytes(4) + bytes(2) + told
    return b"ID3\4\0\0" + len(frame).to_bytes(4) + frame + FRAME * FRAMES


def main(captions):
    """Return the playlist of the programme: audio, and the captions of the view."""
    return (
        "#EXTM3U\n"
        '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="English",LANGUAGE="en",'
        f'DEFAULT=YES,AUTOSELECT=YES,URI="{captions}"\n'
        '#EXT-X-STREAM-INF:BANDWIDTH=64000,CODECS="mp4a.40.2",SUBTITLES="captions"\n'
        "audio.m3u8\n"
    )


def audio(pieces):
    lines = ["#EXTM3U", "#EXT-X-VERSION:3", "#EXT-X-TARGETDURATION:7"]
    for number in range(pieces):
        lines += [f"#EXTINF:{PIECE_S:.5f},", f"{number}.aac"]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


@asynccontextmanager
async def player(pieces):
    """Serve the player; yield its origin, and what takes the captions' address."""
    told = {}

    def answer(body, media_type):
        async def endpoint(_):
            return Response(body() if callable(body) else body, media_type=media_type)

        return endpoint

    async def aac(request):
        return Response(piece(request.path_params["number"]), media_type="audio/aac")

    m3u8 = "application/vnd.apple.mpegurl"
    script = (PACKAGES / "hls.js" / "dist" / "hls.min.js").read_bytes()
    app = Starlette(
        routes=[
            Route("/", answer(PAGE, "text/html")),
            Route("/hls.js", answer(script, "text/javascript")),
            Route("/main.m3u8", answer(lambda: main(told["captions"]), m3u8)),
            Route("/audio.m3u8", answer(audio(pieces), m3u8)),
            Route("/{number:int}.aac", aac),
        ]
    )
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = Server(Config(app, lifespan="off", log_config=None, ws="none"))
    running = asyncio.create_task(server._serve([listener]))
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", told
    finally:
        server.should_exit = True
        await running
        listener.close()
