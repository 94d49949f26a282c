"""What stands around every page."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from app.views.parts.frame import zone
from app.views.parts.markdown import plain


def test_the_day_is_that_of_the_shoppers_time_zone() -> None:
    assert zone("Asia/Kolkata") == ZoneInfo("Asia/Kolkata")


@pytest.mark.parametrize(
    "name", [None, "", "Etc/Unknown", "../../etc/passwd", "/etc/passwd", "Europe", "a\0b", "x" * 9999]
)
def test_a_time_zone_that_is_none_counts_as_utc(name: str | None) -> None:
    assert zone(name) in (UTC, ZoneInfo("UTC"))


def test_a_label_shows_a_text_as_it_is_and_not_as_markdown() -> None:
    assert plain("2 * [Desk] `x` :red[y]") == r"2 \* \[Desk\] \`x\` \:red\[y\]"
