"""A real browser, led from Python; Debian's Chromium by way of playwright-core."""

import asyncio
import json
import os
import shutil
import subprocess
from pathlib import Path

FOLDER = Path(__file__).parent
PACKAGES = FOLDER / "node_modules"


def missing():
    """Return what is not there for tests in a browser; None if all is."""
    chromium = shutil.which("chromium")
    if chromium is None:
        return "chromium is not installed (Debian: apt-get install chromium)"
    if shutil.which("node") is None:
        return "node is not installed (Debian: apt-get install nodejs npm)"
    if not (PACKAGES / "playwright-core").is_dir():
        return "tests/browser/node_modules is not there (make setup)"
    return None


class BrowserError(AssertionError):
    """The browser could not do what it was told to."""


class Browser:
    """One Chromium, and the process that leads it; both end with us."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["node", FOLDER / "driver.mjs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "CHROMIUM": shutil.which("chromium")},
        )

    async def open(
        self, url, *, width=1440, height=900, scheme="light", before=None
    ) -> "Page":
        """Open a page in a profile of its own; *before* is run before its scripts."""
        at = await self.ask(
            "open", url=url, width=width, height=height, scheme=scheme, before=before
        )
        return Page(self, at)

    async def ask(self, what, **asked):
        return await asyncio.to_thread(self._ask, {"what": what, **asked})

    def _ask(self, request):
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise BrowserError("the browser has ended")
        answer = json.loads(line)
        if "error" in answer:
            raise BrowserError(f"{request}: {answer['error']}")
        return answer["result"]

    def close(self) -> None:
        self._process.stdin.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()


class Page:
    """One page, in a profile of its own."""

    def __init__(self, browser, at) -> None:
        self._browser = browser
        self._at = at

    async def ask(self, what, **asked):
        return await self._browser.ask(what, at=self._at, **asked)

    async def evaluate(self, code):
        return await self.ask("evaluate", code=code)

    async def until(self, code):
        """Wait until an expression is true."""
        await self.ask("until", code=code)

    async def text(self, selector):
        """Return what is to be read there."""
        return await self.evaluate(
            f"document.querySelector({json.dumps(selector)}).innerText"
        )

    async def shows(self, text, selector="#captions"):
        """Wait until a text is to be read."""
        place = json.dumps(selector)
        await self.until(
            f"document.querySelector({place}).innerText.includes({json.dumps(text)})"
        )

    async def press(self, *keys):
        for key in keys:
            await self.ask("press", key=key)

    async def click(self, selector):
        await self.ask("click", selector=selector)

    async def said(self):
        """Return errors, warnings and dialogs of the page."""
        return await self.ask("said")

    async def close(self):
        await self.ask("close")
