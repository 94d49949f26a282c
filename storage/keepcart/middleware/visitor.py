"""Who is this browser: the visitor id in its cookie, the names it goes by, and the key that storage sees instead."""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass

_ID = re.compile(r"[A-Za-z0-9_-]{43}")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


@dataclass(frozen=True, slots=True)
class Names:
    """The names that follow from an app's, so that two apps on one host never meet.

    Attributes:
        app: the app's name; also what its keys in Redis begin with.
    """

    app: str

    def __post_init__(self) -> None:
        """Check the name.

        Raises:
            ValueError: it is not 1 to 32 of a-z, 0-9 and '-', the first not '-'.
        """
        if not _NAME.fullmatch(self.app):
            raise ValueError(
                f"the name of an app is 1 to 32 of a-z, 0-9 and '-', the first not '-'; {self.app!r} is not"
            )

    @property
    def cookie(self) -> str:
        """The cookie over http."""
        return self.app

    @property
    def secure_cookie(self) -> str:
        """The cookie over https: browsers take a `__Host-` cookie from this very host alone."""
        return f"__Host-{self.app}"

    @property
    def served_header(self) -> str:
        """Set on the websocket handshake by `VisitorCookie`: the page came through it."""
        return f"X-{self.app.title()}-Served"


def new_visitor_id() -> str:
    """Return 256 random bits as 43 base64url characters."""
    return secrets.token_urlsafe(32)


def is_visitor_id(text: str) -> bool:
    """Tell whether a cookie's value has the form of an id. Anything else is replaced, never used."""
    return _ID.fullmatch(text) is not None


def visitor_key(visitor_id: str) -> str:
    """Return what storage knows a visitor by: 16 bytes of the id's SHA-256, base64url, 22 characters.

    Nobody can make a cookie from a dump of storage.
    """
    digest = hashlib.sha256(visitor_id.encode("ascii")).digest()[:16]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
