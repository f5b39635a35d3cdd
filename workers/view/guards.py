"""Who may ask, and how much: sizes, names of this host, origins, the token."""

import hmac
from collections.abc import Collection, Iterable
from hashlib import sha256
from http.cookies import CookieError, SimpleCookie
from typing import Any

from msgspec import Struct
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response

from workers.view.problems import ProblemError, answer

MAX_HEADERS = 8 * 1024
MAX_QUERY = 2 * 1024
MAX_PATH = 4 * 1024
COOKIE = "caption_view"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
OPEN_PATHS = ("/", "/live", "/ready", "/session", "/openapi.json")
"""Nothing of any stream is there, so no token is asked for."""
OPEN_PREFIX = "/page/"

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors {frames}; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


class Access(Struct, frozen=True, kw_only=True):
    """Who is let in."""

    token: str | None = None
    """What has to be shown; None: nothing."""
    hosts: tuple[str, ...] = ()
    """Names by which we may be asked for, beside those of loopback; ``*`` is any."""
    origins: tuple[str, ...] = ()
    """Pages of these origins may ask, and show the page inside their own."""

    def __repr__(self) -> str:
        """Tell all but the token."""
        return f"<Access to {self.hosts} from {self.origins}>"


_preflight = Response(
    status_code=204,
    headers={
        "Access-Control-Allow-Methods": "GET",
        "Access-Control-Allow-Headers": "Authorization, Last-Event-ID",
        "Access-Control-Max-Age": "600",
    },
)
"""What a browser asks before a page of another origin may show the token."""


def cookie_of(token: str) -> str:
    """Return what a browser shows in place of the token, which it need not keep."""
    return hmac.new(token.encode(), b"caption-worker view", sha256).hexdigest()


def knows(access: Access, shown: str) -> bool:
    """Tell whether this is the token, in a time that tells nothing about it."""
    return access.token is not None and hmac.compare_digest(
        shown.encode(), access.token.encode()
    )


class Guards:
    """Around the whole application; what is refused changes nothing.

    Args:
        app: The application.
        access: Who is let in.
    """

    def __init__(self, app: Any, access: Access) -> None:
        self._app = app
        self._access = access
        frames = " ".join(("'self'", *access.origins))
        self._headers = {
            "Content-Security-Policy": _POLICY.format(frames=frames),
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "cross-origin"
            if access.origins
            else "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request, or refuse it."""
        if scope["type"] != "http":
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        allowed = origin is not None and origin in self._access.origins

        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    out.setdefault(name, value)
                if allowed and origin is not None:
                    out["Access-Control-Allow-Origin"] = origin
                    out["Access-Control-Allow-Credentials"] = "true"
                    out.add_vary_header("Origin")
            await send(message)

        if scope["method"] == "OPTIONS" and allowed:
            await _preflight(scope, receive, with_headers)
            return
        try:
            self._check(scope, headers)
        except ProblemError as problem:
            await answer(problem)(scope, receive, with_headers)
        else:
            await self._app(scope, receive, with_headers)

    def _check(self, scope: Any, headers: Headers) -> None:
        _check_sizes(scope)
        host = headers.get("host", "")
        if not _is_one_of(host, self._access.hosts):
            raise ProblemError(
                421,
                f"this is not {host!r}; the names it may be asked by are set with "
                "CAPTION_VIEW_HOSTS",
            )
        origin = headers.get("origin")
        same = origin in (f"http://{host}", f"https://{host}")
        if origin is not None and not same and origin not in self._access.origins:
            raise ProblemError(
                403,
                "pages of other origins may not ask; those that may are set with "
                "CAPTION_VIEW_ORIGINS",
            )
        # A script or picture tag of another page sends no origin, but says this.
        elsewhere = headers.get("sec-fetch-site") in ("cross-site", "same-site")
        opened = headers.get("sec-fetch-mode") == "navigate"
        if elsewhere and origin is None and not opened:
            raise ProblemError(403, "pages of other origins may not use this")
        path = scope["path"]
        if path in OPEN_PATHS or path.startswith(OPEN_PREFIX):
            return
        if self._access.token is not None and not self._shows_token(headers):
            raise ProblemError(
                401, "the token is missing or wrong", {"WWW-Authenticate": "Bearer"}
            )

    def _shows_token(self, headers: Headers) -> bool:
        assert self._access.token is not None
        kind, _, shown = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer" and knows(self._access, shown.strip()):
            return True
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return False
        return cookie is not None and hmac.compare_digest(
            cookie.value.encode(), cookie_of(self._access.token).encode()
        )


def _check_sizes(scope: Any) -> None:
    pairs: Iterable[tuple[bytes, bytes]] = scope["headers"]
    if sum(len(name) + len(value) for name, value in pairs) > MAX_HEADERS:
        raise ProblemError(431, f"the headers have more than {MAX_HEADERS} bytes")
    if len(scope["query_string"]) > MAX_QUERY:
        raise ProblemError(414, f"the query has more than {MAX_QUERY} bytes")
    if len(scope["raw_path"]) > MAX_PATH:
        raise ProblemError(414, f"the path has more than {MAX_PATH} bytes")


def _is_one_of(host: str, hosts: Collection[str]) -> bool:
    """Tell whether a ``Host`` header names us: other sites' names may lead here."""
    name, colon, port = host.rpartition(":")
    if not colon or not port.isdigit():
        name = host
    return "*" in hosts or name.lower() in LOOPBACK or name.lower() in hosts
