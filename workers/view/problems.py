"""What is wrong with a request, as a JSON problem (RFC 9457)."""

from http import HTTPStatus
from typing import Any

import orjson
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"


class ProblemError(Exception):
    """A request that cannot be answered as it was meant; says what to do."""

    def __init__(
        self, status: int, detail: str, headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = headers


def document(status: int, detail: str) -> bytes:
    """Return a problem as JSON."""
    fields: dict[str, Any] = {
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
    }
    return orjson.dumps(fields)


def answer(problem: ProblemError) -> Response:
    """Return the response to such a request."""
    return Response(
        document(problem.status, problem.detail),
        problem.status,
        headers={"Cache-Control": "no-store", **(problem.headers or {})},
        media_type=MEDIA_TYPE,
    )
