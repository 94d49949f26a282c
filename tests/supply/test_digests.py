"""Images are named by tag and digest, in one way everywhere, and `make digests` renews them."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from supply.digests import IMAGE, main, renewed
from testbed import ROOT

OLD, NEW = f"sha256:{'0' * 64}", f"sha256:{'1' * 64}"
FILES = [ROOT / "compose.yaml", ROOT / "docs" / "deployment.md"]


def test_a_digest_is_renewed_by_its_tag_and_all_else_stays() -> None:
    text = f"image: valkey/valkey:8.1@{OLD}\nuser: valkey  # docker-image://python:3.13-slim@{OLD} or python:3.13-slim"
    assert renewed(text, {"valkey/valkey:8.1": NEW, "python:3.13-slim": NEW}.__getitem__) == (
        f"image: valkey/valkey:8.1@{NEW}\nuser: valkey  # docker-image://python:3.13-slim@{NEW} or python:3.13-slim"
    )


def test_a_registry_that_does_not_answer_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "compose.yaml"
    file.write_text(f"image: a:1@{OLD}\n", encoding="utf-8")

    def away(image: str) -> str:
        raise subprocess.CalledProcessError(1, ["docker", image])

    assert main([str(file)], away) == 1
    assert file.read_text(encoding="utf-8") == f"image: a:1@{OLD}\n"
    assert "stays as it is" in capsys.readouterr().err
    assert main([str(file)], lambda _image: NEW) == 0
    assert file.read_text(encoding="utf-8") == f"image: a:1@{NEW}\n"


def test_every_image_that_compose_takes_from_a_registry_has_a_digest() -> None:
    compose = FILES[0].read_text(encoding="utf-8")
    taken = re.findall(r"^ +image: (\S*/\S+)$|docker-image://(\S+)$", compose, re.MULTILINE)
    assert len(taken) == 2
    for image in taken:
        assert IMAGE.fullmatch("".join(image)), image


def test_the_image_that_the_dockerfile_begins_with_is_the_one_that_is_pinned() -> None:
    begins = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    pinned = [image for file in FILES for image, _ in IMAGE.findall(file.read_text(encoding="utf-8"))]
    assert set(begins) <= set(pinned)


def test_all_files_name_the_same_digest_of_an_image() -> None:
    named = {found for file in FILES for found in IMAGE.findall(file.read_text(encoding="utf-8"))}
    assert len(named) == len({image for image, _ in named})
