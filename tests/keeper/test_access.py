"""Who may use the keeper's app."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.__main__ import main
from app.keeper import access
from app.keeper.access import hosts, is_allowed, refusal
from app.keeper.books import Books, opened
from testbed import ROOT

ME = frozenset({"me@shop.example"})


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "127.0.0.53"])
def test_this_machine_alone_needs_nobody_to_log_in(host: str) -> None:
    assert not refusal(host, "", (), asks=False)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "shop.example"])  # noqa: S104 - that is the point
def test_an_address_that_others_reach_needs_a_login_or_a_proxy(host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "--behind-proxy" in refusal(host, "", (), asks=False)
    assert not refusal(host, "keeper.example", (), asks=False)
    monkeypatch.setattr(access, "find_spec", lambda _name: object())
    assert not refusal(host, "", ME, asks=True)


def test_a_login_needs_a_list_and_its_library_and_a_list_needs_a_login(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "keeper.allow" in refusal("127.0.0.1", "", (), asks=True)
    monkeypatch.setattr(access, "find_spec", lambda _name: None)
    assert "Authlib" in refusal("127.0.0.1", "", ME, asks=True)
    assert "[auth]" in refusal("127.0.0.1", "", ME, asks=False)


@pytest.mark.parametrize(
    ("claims", "is_in"),
    [
        ({"email": "me@shop.example"}, True),
        ({"email": "ME@Shop.Example", "email_verified": True}, True),
        ({"email": "me@shop.example", "email_verified": False}, False),
        ({"email": "me@shop.example", "email_verified": "false"}, False),
        ({"email": "you@shop.example"}, False),
        ({"email": ""}, False),
        ({}, False),
    ],
)
def test_only_an_address_on_the_list_comes_in(claims: dict[str, Any], *, is_in: bool) -> None:
    assert is_allowed(claims, ME) is is_in


def test_without_a_login_the_app_answers_under_known_names_only() -> None:
    assert hosts("", asks=False) == ["localhost", "127.0.0.1"]
    assert hosts("keeper.example", asks=False) == ["localhost", "127.0.0.1", "keeper.example"]
    assert hosts("", asks=True) == ["*"]


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ('[keeper]\nallow = "me"\n', "keeper.allow: each must be an e-mail address"),
        ("[orders]\nenabled = false\n", "this shop takes no orders"),
        ("[orders]\nurl = 'mysql://x'\n", "must begin with sqlite:///"),
    ],
)
def test_settings_that_cannot_be_used_are_one_line(
    books: Books, tmp_path: Path, capfd: pytest.CaptureFixture[str], settings: str, problem: str
) -> None:
    (tmp_path / "config.toml").write_text(settings, encoding="utf-8")
    opened.cache_clear()
    assert main(["keeper"]) == 2
    assert problem in one_line(capfd.readouterr().err)


def test_what_others_could_reach_is_not_served(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("", encoding="utf-8")
    environment = {**os.environ, "KEEPCART_CONFIG": str(tmp_path / "config.toml"), "HOME": str(tmp_path)}
    command = [sys.executable, "-m", "app", "keeper", "--host", "0.0.0.0"]  # noqa: S104 - that is the point
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert "nobody would be asked who they are" in one_line(done.stderr)


def one_line(said: str) -> str:
    assert len(said.splitlines()) == 1
    return said
