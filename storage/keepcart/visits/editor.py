"""Tables that visitors edit: `st.data_editor` over kept rows, without losing an edit.

`st.data_editor` tells what was edited since the rows that it was given. Given other rows it is another widget, without
edits; so rows that go back into it after each edit lose every second one. Here it is given the same rows for as long as
nobody else changes them.

A session may begin under a page that an older one drew, as `keepcart.visits.inputs` says. Its edits belong to the rows
that the older session gave; so the page carries those, in one hidden text input a table.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from zlib import crc32

import msgspec
import streamlit as st

from keepcart.documents import Kept, Locked, Refused
from keepcart.visits.inputs import LOCKED, hidden_box
from keepcart.visits.values import LentValues

Rows = list[dict[str, Any]]

_UNEDITED: Final = json.dumps({"added_rows": [], "deleted_rows": [], "edited_rows": {}})
_LABEL: Final = "What this table was given"


class _Page(msgspec.Struct):
    """What the page carries of an editor: the rows that it was given, and what was edited since then.

    Attributes:
        number: no editor of one page has the number of an earlier one, so no edit comes back.
    """

    number: int
    given: Rows
    edits: str = _UNEDITED


@dataclass(slots=True)
class _Editor:
    """An editor as it was drawn last. `kept` are the rows that it showed."""

    key: str
    page: _Page
    kept: Rows

    @property
    def edits(self) -> str:
        """What the browser says that was edited since `given`."""
        edits = st.session_state.get(self.key)
        return _UNEDITED if edits is None else json.dumps(edits, default=str, sort_keys=True)

    def is_up_to_date(self, rows: Rows) -> bool:
        """Tell whether it may be drawn once more, with these rows kept now.

        What was edited in one that the last run did not draw is forgotten.
        """
        return self.key in st.session_state and (self.edits != self.page.edits or self.kept == rows)


class Editors:
    """The editors of one visit."""

    def __init__(self, values: LentValues) -> None:
        """Take the visit's kept values."""
        self._values = values
        self._drawn: dict[str, _Editor] = {}
        self._number = 0

    def draw(self, kept: Kept[Rows], columns: Sequence[str], options: Mapping[str, Any]) -> Rows:
        """Draw an editor and keep what was edited; see `Visit.editor`."""
        editor, of_older_page = self._current(kept)
        edited = st.data_editor(_frame(editor.page.given, columns), key=editor.key, **options)
        shown = edited.astype(object).where(edited.notna(), None).to_dict("records")
        if editor.edits != editor.page.edits:
            editor.page.edits = editor.edits
            self._keep(kept, shown)
            editor.kept = copy.deepcopy(self._values.get(kept))
        elif of_older_page:
            editor.kept = shown  # the next run draws another one where others have changed the rows
        return self._values.get(kept)

    def forget(self) -> None:
        """Let go of what was drawn: what is kept now is shown, and nothing that was edited before."""
        self._drawn.clear()

    def _current(self, kept: Kept[Rows]) -> tuple[_Editor, bool]:
        """Return the editor to draw, and whether an older session has drawn it: as last, or anew if rows differ."""
        before = self._drawn.get(kept.name)
        if before and before.is_up_to_date(self._values.get(kept)):
            editor = before
        else:
            editor = self._editor(kept, _Page(self._number, copy.deepcopy(self._values.show(kept))))
        text = msgspec.json.encode(_Page(editor.page.number, editor.page.given, editor.edits)).decode()
        older = None if (carried := _carry(kept.name, text)) == text or before else _page(kept, carried)
        if older:
            editor = self._editor(kept, older)
        self._drawn[kept.name] = editor
        self._number = editor.page.number + 1
        return editor, older is not None

    def _editor(self, kept: Kept[Rows], page: _Page) -> _Editor:
        key = f"kept-{kept.name}-{page.number}-{crc32(msgspec.json.encode(page.given)):08x}"
        return _Editor(key, page, page.given)

    def _keep(self, kept: Kept[Rows], rows: Rows) -> None:
        try:
            self._values.edit(kept, rows)
        except Refused as reason:
            st.error(str(reason))
        except Locked:
            st.error(LOCKED)


def _frame(rows: Rows, columns: Sequence[str]) -> Any:
    """Return rows as the data frame that an editor is given."""
    import pandas as pd  # noqa: PLC0415 - takes 0.4 s, which an app without tables does not spend

    cells = {column: [row.get(column) for row in rows] for column in columns}
    return pd.DataFrame(cells, dtype=None if rows else object)  # columns of nothing would be columns of numbers


def _carry(name: str, text: str) -> str:
    """Let the page carry a text; return the one that it carries, which an older session may have given it."""
    key = f"keepcart.given-{name}"
    with hidden_box(f"keepcart-given-box-{name}"):
        if key not in st.session_state:
            return st.text_input(_LABEL, text, key=key)
        st.session_state[key] = text
        return st.text_input(_LABEL, key=key)


def _page(kept: Kept[Rows], text: str) -> _Page | None:
    """Read what the page carried; None if it is nothing of ours: the text comes from the browser."""
    try:
        page = msgspec.json.decode(text, type=_Page)
        kept.to_store(page.given)
    except (msgspec.MsgspecError, ValueError, TypeError, Refused):
        return None
    return page
