"""The time zone in which a shopper reads a day."""

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from app.views.parts.time_zone import zone


def test_the_day_is_that_of_the_shoppers_time_zone() -> None:
    assert zone("Asia/Kolkata") == ZoneInfo("Asia/Kolkata")


@pytest.mark.parametrize(
    "name", [None, "", "Etc/Unknown", "../../etc/passwd", "/etc/passwd", "Europe", "a\0b", "x" * 9999]
)
def test_a_time_zone_that_is_none_counts_as_utc(name: str | None) -> None:
    assert zone(name) in (UTC, ZoneInfo("UTC"))
