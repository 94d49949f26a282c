"""Renews the digests of images, in every file that names one: `make digests`. It asks the registry through docker."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Final

IMAGE: Final = re.compile(r"(?<![\w.-])(?<![\w.-]/)([a-z][\w./-]*:[\w.-]+)@(sha256:[0-9a-f]{64})")
"""A name with tag and digest, such as `python:3.13-slim@sha256:…`."""

LookUp = Callable[[str], str]
"""Returns the digest that the registry has for a name with a tag."""


def renewed(text: str, look_up: LookUp) -> str:
    """Return a text with today's digests."""
    return IMAGE.sub(lambda found: f"{found[1]}@{look_up(found[1])}", text)


@cache
def ask_registry(image: str) -> str:
    """See `LookUp`. The digest is that of the index of all processors.

    Raises:
        subprocess.CalledProcessError: docker cannot say; it has said why on standard error.
    """
    command = ["docker", "buildx", "imagetools", "inspect", image, "--format", "{{json .Manifest}}"]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603 - our own words
    digest: str = json.loads(done.stdout)["digest"]
    return digest


def main(files: Sequence[str], look_up: LookUp = ask_registry) -> int:
    """Renew the digests in files; return the exit status, 1 if a digest could not be looked up."""
    for file in map(Path, files):
        before = file.read_text(encoding="utf-8")
        try:
            after = renewed(before, look_up)
        except (subprocess.CalledProcessError, FileNotFoundError) as problem:
            print(f"{file} stays as it is: {problem}", file=sys.stderr)
            return 1
        file.write_text(after, encoding="utf-8")
        print(f"{file}: {'as before' if after == before else 'renewed'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
