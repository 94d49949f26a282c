"""The Lua scripts of this folder."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Final

from redis.exceptions import NoScriptError

from keepcart.backends.redis_server import Client

_FOLDER: Final = Path(__file__).parent


class Script:
    """One script. Its keys all belong to one owner, so that in a cluster one node has them all."""

    def __init__(self, name: str) -> None:
        """Read a script, by its file's name without suffix."""
        self._text = "".join((_FOLDER / f"{part}.lua").read_text("ascii") for part in ("index", name))
        self._digest = hashlib.sha1(self._text.encode("ascii"), usedforsecurity=False).hexdigest()

    def run(self, client: Client, keys: tuple[str, ...], values: tuple[Any, ...]) -> Any:
        """Run the script by its digest; where the server does not know it, send the script itself.

        redis-py's `Script` would send the script first and then name the digest again, which fails where the server
        has forgotten the script once more. Its check of types takes a tenth of a save's time.
        """
        try:
            return client.run(keys[0], lambda node: node.evalsha(self._digest, len(keys), *keys, *values))
        except NoScriptError:
            return client.run(keys[0], lambda node: node.eval(self._text, len(keys), *keys, *values))
