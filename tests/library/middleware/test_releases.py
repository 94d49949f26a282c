"""Releases of Streamlit outside the range that was tried."""

import logging
from collections.abc import Iterator

import pytest

from keepcart.middleware import Turns, releases


@pytest.fixture(autouse=True)
def first_time() -> Iterator[None]:
    releases.check_release.cache_clear()
    yield
    releases.check_release.cache_clear()


@pytest.mark.parametrize("version", ["1.57.0", "1.60.1", "1.67.0", "1.67.3.dev20261101"])
def test_a_release_that_was_tried_is_not_spoken_of(version: str, caplog: pytest.LogCaptureFixture) -> None:
    releases.check_release(version)
    assert not caplog.records


@pytest.mark.parametrize("version", ["1.56.9", "1.68.0", "1.68.0rc1", "2.0.0", "0.99"])
def test_another_release_is_warned_of_once_and_by_number(version: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            releases.check_release(version)
    (record,) = caplog.records
    assert record.getMessage() == f"keepcart was tried with Streamlit 1.57 to 1.67, this is {version}"


def test_the_middleware_warns_when_the_app_is_put_together(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def app(*_: object) -> None:
        """Do nothing."""

    monkeypatch.setattr(releases, "NEWEST", (1, 0))
    for _ in range(2):
        Turns(app)
    assert [record.name for record in caplog.records] == ["keepcart.middleware.releases"]


@pytest.mark.parametrize(
    ("version", "keeps"), [("1.61.2", False), ("1.62.0", True), ("1.67.1", True), ("1.68.0", False), ("2.0.0", False)]
)
def test_sessions_are_kept_only_with_a_release_with_which_that_was_tried(version: str, *, keeps: bool) -> None:
    assert releases.keeps_sessions(version) == keeps
