"""Serves Streamlit's files in the forms that were prepared for them: compressed, with small fonts.

Streamlit sends its 2.2 MB of scripts as they are, because it would have to compress them anew for every browser. Here
that was done once (`python -m app static`). What is not prepared, or not yet, Streamlit serves itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final
from wsgiref.headers import Headers

from anyio import to_thread
from servestatic import ServeStaticASGI
from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.static_cache import StaticCache, unmarked
from keepcart.middleware import path_of

AT: Final = "/static/"

_HASHED = r"\.([\w-]{8}|k[0-9a-f]{16})\.\w+$"
"""Ends the name of a file whose name changes with its content."""


class PreparedFiles:
    """The prepared files, as soon as they are there. Take one for a process."""

    def __init__(self, cache: StaticCache) -> None:
        self._originals = frozenset(_addresses(cache.originals))
        self._awaited = [cache.compressed, cache.fonts]
        self._in_place_of: dict[bytes, bytes] = {}
        self._library = ServeStaticASGI(
            None,
            max_age=0,
            immutable_file_test=_HASHED,
            allow_all_origins=False,
            allow_unsafe_symlinks=True,  # to Streamlit's own files
            add_headers_function=_weak_tag,
        )

    def in_page(self, page: bytes) -> bytes:
        """Return a page with the addresses of our own files in place of Streamlit's."""
        self._look()
        for address, ours in self._in_place_of.items():
            page = page.replace(address, ours)
        return page

    def app_for(self, address: str) -> ASGIApp | None:
        """Return what serves an address below `/static/`, or None where no file is prepared for it."""
        self._look()
        return self._library if address in self._library.files else None

    def original(self, address: str) -> str | None:
        """Return the address of Streamlit's file for an address: the same, or what a file of ours stands for."""
        plain = unmarked(address)
        return plain if plain in self._originals else None

    def _look(self) -> None:
        """Take up the folders that have come into being. It costs nothing more once all are there."""
        for folder in [folder for folder in self._awaited if folder.is_dir()]:
            self._awaited.remove(folder)
            self._library.add_files(folder, AT)
            for address in _addresses(folder):
                if (plain := unmarked(address)) != address and not address.endswith((".br", ".gz")):
                    self._in_place_of[plain.encode()] = address.encode()


class StaticFiles:
    """ASGI middleware for the addresses below `/static/`.

    It stands behind the door and the headers, which hold for every answer, and before the visitor's cookie, which no
    answer that others may cache can have.
    """

    def __init__(self, app: ASGIApp, files: PreparedFiles) -> None:
        self._app = app
        self._files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the prepared file, else with Streamlit's; what neither has is not found."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        address = path_of(scope)
        if not address.startswith(AT):
            await self._app(scope, receive, send)
        elif prepared := self._files.app_for(address):
            able = {**(scope.get("extensions") or {}), "http.response.pathsend": {}}
            await prepared({**scope, "path": address, "extensions": able}, receive, _reading(send))
        elif original := self._files.original(address):
            path = scope["path"].removesuffix(address) + original
            asked = {**scope, "path": path, "raw_path": path.encode()}
            await self._app(asked, receive, send if original == address else _uncached(send))
        else:
            # Streamlit would answer with its page and status 200. A page that was loaded from another release would
            # take that for a script.
            await Response(status_code=404, headers={"Cache-Control": "no-store"})(scope, receive, send)


def _addresses(folder: Path) -> list[str]:
    return [f"{AT}{path.relative_to(folder).as_posix()}" for path in folder.rglob("*") if path.is_file()]


def _weak_tag(headers: Headers, _path: str, url: str) -> None:
    """Name a file by its address, which changes with its content. The tag is weak: it is one for all encodings."""
    headers["ETag"] = f'W/"{url.removeprefix(AT)}"'


def _reading(send: Send) -> Send:
    """Return a `send` that takes a path for a body (ASGI's extension `pathsend`), and reads the file in one go.

    The library by itself starts a thread for every file and passes it on in pieces of 8 KiB: half as much work again.
    """

    async def send_read(message: Message) -> None:
        if message["type"] == "http.response.pathsend":
            body = await to_thread.run_sync(Path(message["path"]).read_bytes)
            message = {"type": "http.response.body", "body": body}
        await send(message)

    return send_read


def _uncached(send: Send) -> Send:
    """Return a `send` that lets nobody keep the answer: another replica has a better one for this address."""

    async def send_uncached(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Cache-Control"] = "no-cache"
        await send(message)

    return send_uncached
