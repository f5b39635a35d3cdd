"""What may be asked for, and by whom it is answered."""

from starlette.applications import Starlette
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from workers.view.answers import PAGE, Answers
from workers.view.files import Files
from workers.view.guards import Guards
from workers.view.problems import ProblemError, answer
from workers.view.sse import Clients
from workers.view.viewed import Viewed

NOT_FOUND = 404


async def _refused(request: Request, error: Exception) -> Response:  # noqa: ARG001
    assert isinstance(error, ProblemError)
    return answer(error)


async def _no_route(request: Request, error: Exception) -> Response:  # noqa: ARG001
    assert isinstance(error, HTTPException)
    said = "nothing is here" if error.status_code == NOT_FOUND else error.detail
    return answer(ProblemError(error.status_code, said, dict(error.headers or {})))


class _StreamId(Convertor[str]):
    """The name of a stream in a path: anything, slashes and line ends too."""

    regex = "(?s:.+)"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("stream", _StreamId())


def application(viewed: Viewed, clients: Clients) -> Guards:
    """Return the ASGI application, with its guards around it."""
    answers, files = Answers(viewed, clients), Files(viewed)
    stream = "/streams/{stream_id:stream}"
    routes = [
        Route("/", answers.page),
        Route("/live", answers.live),
        Route("/ready", answers.ready),
        Route("/openapi.json", answers.openapi),
        Route("/session", answers.session, methods=["POST"]),
        Route("/streams", answers.streams),
        Route("/topics", answers.topics),
        Route(f"{stream}/events", answers.events),
        Route(f"{stream}/captions.vtt", files.vtt),
        Route(f"{stream}/captions.srt", files.srt),
        Route(f"{stream}/captions.txt", files.text),
        Route(f"{stream}/captions.json", files.json),
        Route(f"{stream}/chapters.vtt", files.chapters),
        Route(f"{stream}/hls/captions.m3u8", files.playlist),
        Route(f"{stream}/hls/{{number:int}}.vtt", files.segment),
        Route(stream, answers.stream),
        Mount("/page", StaticFiles(directory=PAGE)),
    ]
    app = Starlette(
        routes=routes,
        exception_handlers={ProblemError: _refused, HTTPException: _no_route},
    )
    return Guards(app, viewed.access)
