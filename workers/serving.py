"""``/metrics``, ``/live`` and ``/ready``, in threads of their own: our small server.

They end with the process, and answer also while the event loop is busy.
"""

from collections.abc import Callable, Iterable
from importlib.metadata import version
from typing import Any
from wsgiref.simple_server import WSGIServer

import orjson
from prometheus_client import start_http_server

from workers import metrics
from workers.health import Health

_Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def serve(agent: str, host: str, port: int, health: Health) -> WSGIServer:
    """Serve metrics and health of this process.

    ``/live`` and ``/ready`` answer 200 or 503, with the reasons as JSON.

    Raises:
        OSError: The port is taken, or not ours to take.
    """
    metrics.BUILD.info({"version": version("caption-worker"), "agent": agent})
    metrics.READY.set_function(lambda: float(not health.not_ready()))
    server, _ = start_http_server(port, addr=host)
    exposition = server.get_app()
    assert exposition is not None
    # The library's own answers with metrics to whatever path, so that a probe of
    # health that is not there would pass for ever.
    server.set_app(_routed(exposition, health))
    return server


def _routed(exposition: _Wsgi, health: Health) -> _Wsgi:
    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        match environ["PATH_INFO"]:
            case "/metrics":
                return exposition(environ, start_response)
            case "/live":
                return _told(start_response, "live", health.not_alive())
            case "/ready":
                return _told(start_response, "ready", health.not_ready())
        start_response("404 Not Found", [("Content-Type", "text/plain")])
        return [b"only /metrics, /live and /ready are served here\n"]

    return answer


def _told(start_response: Any, what: str, reasons: list[str]) -> Iterable[bytes]:
    status = "503 Service Unavailable" if reasons else "200 OK"
    start_response(
        status, [("Content-Type", "application/json"), ("Cache-Control", "no-store")]
    )
    return [orjson.dumps({what: not reasons, "reasons": reasons}) + b"\n"]
