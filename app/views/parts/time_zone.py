"""The time zone of a shopper, and the day there."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st
from babel.dates import format_date


def zone(name: str | None) -> tzinfo:
    """Return the time zone that a browser names; UTC if it names none, or anything that is not a time zone."""
    try:
        return ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return UTC


def today(*, with_year: bool = False) -> str:
    """Return the day that it is where the shopper is, such as "30 November"."""
    return format_date(datetime.now(zone(st.context.timezone)), "d MMMM y" if with_year else "d MMMM", "en")
