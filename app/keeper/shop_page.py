"""The shop's state: the faults of the catalogue, and what the check of the deployment finds."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any, Final

import streamlit as st
from markupsafe import Markup

from app.catalogue.products_file import CatalogueError
from app.keeper import access
from app.keeper.books import Books
from app.keeper.frame import foot
from app.keeper.pages import Pages
from app.settings import ROOT
from app.terminal import counted
from app.views.parts.html import html

CHECK_SECONDS: Final = 60
MOST_FAULTS: Final = 100


def show(books: Books, _pages: Pages) -> None:
    """Draw the page."""
    st.title(books.settings.store.name)
    _catalogue(books)
    st.subheader("The deployment")
    if st.button("Check it", key="check"):
        with st.spinner("Settings, storage, database, mail server: this takes some seconds."):
            findings = check()
        html(Markup('<dl class="findings">{}</dl>').format(Markup("").join(map(_finding, findings))))
    if access.asks_for_login():
        st.subheader("You")
        st.write(st.user.email)
        st.button("Log out", on_click=st.logout)
    foot()


def check() -> list[dict[str, Any]]:
    """Return the findings of `python -m app check`, which looks at the store as a process of its own would be."""
    command = [sys.executable, "-m", "app", "check", "--json"]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=CHECK_SECONDS, check=False)  # noqa: S603 - ours
        findings: list[dict[str, Any]] = json.loads(done.stdout)["findings"]
    except (subprocess.TimeoutExpired, ValueError) as problem:
        return [{"state": "failure", "name": "check", "found": f"it did not end well: {problem}", "advice": ""}]
    return findings


def _catalogue(books: Books) -> None:
    st.subheader("The catalogue")
    try:
        products = books.catalogue().products
    except CatalogueError as problem:
        st.write(f"{counted(len(problem.faults), 'fault')}; the shop goes on with the last good one.")
        faults = Markup("").join(Markup("<li>{}</li>").format(fault) for fault in problem.faults[:MOST_FAULTS])
        html(Markup('<ul class="faults">{}</ul>').format(faults))
    else:
        st.write(f"{counted(len(products), 'product')}, no fault.")


def _finding(finding: dict[str, Any]) -> Markup:
    advice = Markup("<br>→ {}").format(finding["advice"]) if finding["advice"] else ""
    return Markup('<div class="{}"><dt>{}: {}</dt><dd>{}{}</dd></div>').format(
        finding["state"], finding["name"], finding["state"], finding["found"], advice
    )
