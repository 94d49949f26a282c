"""Product pictures: files behind a route of our own, so that any replica can serve every picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

MAX_AGE_SECONDS = 3_600
POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; frame-ancestors 'none'; sandbox"
"""Of a picture that is opened by itself: an SVG then is a page. It may style itself, and nothing else."""


class _Pictures(StaticFiles):
    """Static files that browsers cache for an hour, and no others than pictures. Every answer has the policy."""

    def __init__(self, folder: Path, is_picture: Callable[[str], bool]) -> None:
        super().__init__(directory=folder)
        self._is_picture = is_picture

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = POLICY
                if message["status"] in (200, 206, 304):
                    headers["Cache-Control"] = f"public, max-age={MAX_AGE_SECONDS}"
            await send(message)

        await super().__call__(scope, receive, send_with_headers)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer for a path below the folder. A refusal is an answer too, so that it has the policy."""
        if not self._is_picture(path):
            return Response(status_code=404)
        try:
            return await super().get_response(path, scope)
        except HTTPException as refused:
            return Response(status_code=refused.status_code)


def pictures_route(folder: Path, is_picture: Callable[[str], bool]) -> Mount:
    """Return the route that serves the pictures folder at /pictures.

    Args:
        folder: where the files are.
        is_picture: tells by its name, a path below the folder, whether a file is a picture.
    """
    return Mount("/pictures", _Pictures(folder, is_picture))
