"""A name and a button: keeps lines as a setup."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from app.domain.cart import Lines
from app.domain.setups import LONGEST_NAME
from app.shopper.setups import Setups
from app.shopper.shopping import Shopping
from keepcart import Kept, click

NAME: Kept[str] = Kept("setup-name", str, default="")
"""What is typed as the name of a setup that is not kept yet."""


def keep_form(shopping: Shopping, buttons: dict[str, tuple[str, Callable[[], Lines]]]) -> None:
    """Draw the form. What is typed is kept until a button keeps it.

    Args:
        shopping: the shopper in the shop.
        buttons: by key, the words on each, and what returns the lines that it keeps.
    """
    visit = shopping.visit

    def keep(lines: Callable[[], Lines]) -> None:
        if Setups(shopping).keep(visit.get(NAME), lines()):
            visit.put(NAME, "")

    visit.widget(NAME, st.text_input, "Name of the setup", max_chars=LONGEST_NAME, placeholder="Standing desk")
    for key, (label, lines) in buttons.items():
        click(visit, key, partial(keep, lines), label=label)
