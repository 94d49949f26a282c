"""Who is this browser: the visitor id, the names of the cookie that holds it, and the key that storage sees instead."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass

_ID = re.compile(r"[A-Za-z0-9_-]{43}")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


@dataclass(frozen=True, slots=True)
class Names:
    """The names of cookies and headers that follow from an app's name, so that two apps on one host never meet.

    Browsers send a host's cookies to all of its ports, so apps on two ports need two names as well.

    Attributes:
        app: the app's name. Its keys in Redis begin with it too.
    """

    app: str

    def __post_init__(self) -> None:
        """Check the name.

        Raises:
            ValueError: it is not 1 to 32 characters of a-z, 0-9 and '-', beginning with a letter or digit.
        """
        if not is_app_name(self.app):
            raise ValueError(
                f"an app cannot be named {self.app!r}: "
                "a name is 1 to 32 characters of a-z, 0-9 and '-', beginning with a letter or digit"
            )

    @property
    def cookie(self) -> str:
        """The cookie over http."""
        return self.app

    @property
    def secure_cookie(self) -> str:
        """The cookie over https. Browsers take a `__Host-` cookie only from the host itself, not from a subdomain."""
        return f"__Host-{self.app}"

    @property
    def wish_cookie(self) -> str:
        """The cookie that remembers who is still to be forgotten. No app's name has a `_`, so it is no app's cookie."""
        return f"{self.app}_forget"

    @property
    def forgetting_header(self) -> str:
        """The header that `ForgetRoute` adds to a handshake: this browser asked to be forgotten, and it is not done."""
        return f"X-{self.app.title()}-Forgetting"

    @property
    def served_header(self) -> str:
        """The header that `VisitorCookie` adds to the websocket handshake: the page came through it."""
        return f"X-{self.app.title()}-Served"


def forget_token(visitor_id: str) -> str:
    """Return what a request to forget a visitor must carry: only a page of this visitor's can know it.

    It follows from the id alone, so every server knows it, and the id does not follow from it.
    """
    return hmac.new(visitor_id.encode("ascii"), b"keepcart forget me", hashlib.sha256).hexdigest()


def is_app_name(text: str) -> bool:
    """Tell whether an app can be named so."""
    return _NAME.fullmatch(text) is not None


def new_visitor_id() -> str:
    """Return 256 random bits as 43 base64url characters."""
    return secrets.token_urlsafe(32)


def is_visitor_id(value: object) -> bool:
    """Tell whether a cookie's value has the form of an id. Others are replaced, never used; AppTest's are no texts."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def visitor_key(visitor_id: str) -> str:
    """Return what storage knows a visitor by: 16 bytes of the id's SHA-256, base64url, 22 characters.

    So a dump of storage holds nothing that could be used as a cookie.
    """
    return _key(visitor_id.encode("ascii"))


def person_key(owner: str, seal_key: str | None = None) -> str:
    """Return what storage knows a person by, whom the app itself names: 22 characters as of `visitor_key`.

    Args:
        owner: the person's name.
        seal_key: a secret of the app. Without one the key hides no name that can be guessed, such as an e-mail address.
    """
    if seal_key is None:
        return _key(b"person\0" + owner.encode())
    return _base64(_keyed(seal_key, f"person\0{owner}")[:16])


def person_secret(owner: str, seal_key: str) -> bytes:
    """Return the secret by which a person's documents are sealed: 32 bytes, made from the app's secret."""
    return _keyed(seal_key, f"seal\0{owner}")


def _keyed(seal_key: str, text: str) -> bytes:
    return hmac.digest(seal_key.encode(), text.encode(), "sha256")


def _key(text: bytes) -> str:
    return _base64(hashlib.sha256(text).digest()[:16])


def _base64(digest: bytes) -> str:
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
