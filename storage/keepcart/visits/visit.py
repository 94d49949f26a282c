"""A visit: one Streamlit session of a visitor, and the only door between `st.session_state` and storage.

    keeper = Keeper(storage, keep_seconds=keep_seconds)     # one a process
    visit = Visit.current(keeper, recognise(keep_seconds))
    visit.begin_run()
    …                             # visit.get, put, widget, input, hold; draw
    visit.complete_run()

The visit stands in `st.session_state["keepcart.visit"]`; nothing else writes that key.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from keepcart.documents import VALUES, Bring, Document, Held, Keeper, Kept, Leave, Locked, Owner, Refused, own_values
from keepcart.middleware import forget_token
from keepcart.visits.drawing import Drawing
from keepcart.visits.editor import Editors, Rows
from keepcart.visits.inputs import Inputs
from keepcart.visits.offer import Offers
from keepcart.visits.owners import owner_of_browser, owner_of_person
from keepcart.visits.values import LentValues

T = TypeVar("T")
C = TypeVar("C")
V = TypeVar("V")

log = logging.getLogger(__name__)

SESSION_KEY = "keepcart.visit"


class Visit:
    """One session of one visitor. Its attributes are for reading: its methods alone change them.

    Attributes:
        begun_for: the visitor id, and the person who has logged in, if any.
        page: the page that this run draws. Between runs, and in callbacks, the page of the last run; None before the
            first.
        began: this run is the visit's first.
        switched: this run draws another page than the run before.
        settled: the widgets of the page show what the visit knows, because a complete run of this session has drawn
            it. Until then they may show what an older session drew, with the visitor's latest act.
        offers: what the widgets of the page let the visitor choose.
    """

    def __init__(self, keeper: Keeper, visitor_id: str, owner: str | None = None) -> None:
        """Begin a visit.

        Args:
            keeper: has the documents of this process.
            visitor_id: of `recognise`: the browser.
            owner: the person who has logged in, as the app names them. The documents are then this person's, in every
                browser; the kept values of this browser are brought along, once.

        Raises:
            ValueError: the owner is empty, or a secret of the keeper's is too short.
        """
        self._keeper = keeper
        self._owner = owner_of_browser(visitor_id) if owner is None else owner_of_person(owner, keeper.seal_keys)
        self._documents: dict[str, Held[Any, Any]] = {}
        self._values = LentValues(partial(self.hold, VALUES))
        self.offers = Offers()
        self._inputs = Inputs(self.offers)
        self._editors = Editors(self._values)
        self._clicks: set[str] = set()
        self._look_again = False
        self.begun_for = visitor_id, owner
        self.page: str | None = None
        self.began = True
        self.switched = False
        self.settled = False
        if owner is not None:
            self._bring_values_of(owner_of_browser(visitor_id))

    @classmethod
    def current(cls, keeper: Keeper, visitor_id: str, owner: str | None = None) -> Visit:
        """Return this session's visit, begun in its first run, and anew where somebody logs in or out.

        Args:
            keeper, visitor_id, owner: as of `Visit`.
        """
        visit = st.session_state.get(SESSION_KEY)
        begun = visitor_id, owner
        if not isinstance(visit, cls) or visit.begun_for != begun:
            visit = st.session_state[SESSION_KEY] = cls(keeper, visitor_id, owner)
        return visit

    # Kept values

    def get(self, kept: Kept[V]) -> V:
        """Return a kept value, the default where the visitor has none.

        The first call of a visit reads all values, one round trip; later ones ask nobody. A list, or another value that
        can be changed in place, may be changed: what it is when the run is complete is kept.

            seen = visit.get(SEEN)
            visit.get(THINGS).append("Lamp")

        Raises:
            ValueError: another definition has the same name.
        """
        return self._values.get(kept)

    def put(self, kept: Kept[V], value: V) -> None:
        """Keep a value. It is saved when the run is complete, with all others, in one round trip.

            visit.put(LOADED, True)

        Where another tab changed the same value since this one read it, `merge` decides, else the later save wins.

        Raises:
            TypeError: the value is not of the definition's type.
            Refused: it is too large (`TooLarge`), or storage is away and no more can wait. What was kept stays.
            Locked: a newer release has written it.
            ValueError: another definition has the same name.
        """
        self._values.put(kept, value)

    # Widgets

    def widget(self, kept: Kept[V], draw: Callable[..., Any], *args: Any, **options: Any) -> V:
        """Draw a widget that shows and edits a kept value; return the value.

            name = visit.widget(NAME, st.text_input, "Your name")

        A text input is kept while the visitor types, at each short pause, where this release of Streamlit has `live`
        for it; `live=False` leaves it to Enter. So does a value with a `merge`: merged with half a word, another tab's
        text would be drawn over the typing. Inside a form all is kept when the form is submitted.

        Args:
            draw: `st.text_input`, `st.selectbox` or any other input with a key and a default; also a container's or a
                form's.
            args, options: the widget's own, without its default. `key` is made from the value's name. `on_change` is
                called without arguments, once the value is kept; not inside a form, where Streamlit takes no callbacks.

        An edit that is refused (`Refused`, `Locked`) is not kept; the next run says so below the widget. What the
        widget did not offer is not kept either, in silence: no browser sends that, only a forged message does.

        Raises:
            TypeError: `draw` has no parameter for a default; or, where an edit is kept, the widget holds what is not of
                the value's type, such as None of an emptied `st.number_input`.
            ValueError: another definition has the same name.
        """
        key = options.pop("key", f"kept-{kept.name}")
        drawing = Drawing(draw, args, options, while_typing=kept.merge is None)
        edit = partial(self._values.edit, kept)
        return self._inputs.draw(key, self._values.show(kept), edit, drawing, settled=self.settled)

    def input(
        self, key: str, value: T, keep: Callable[[T], None], draw: Callable[..., Any], *args: Any, **options: Any
    ) -> T:
        """Draw a widget that shows a value and whose edits are acts; return what it shows.

        Args:
            key: the widget's; made from what it edits, never from its position.
            value: what is kept.
            keep: keeps an edit. Where it raises Refused or Locked, the next run says so below the widget.
            draw, args, options: as of `widget`. A text input is kept at Enter, unless `live` is given.

        Raises:
            TypeError: `draw` has no parameter for a default.
        """
        return self._inputs.draw(key, value, keep, Drawing(draw, args, options), settled=self.settled)

    def editor(self, kept: Kept[Rows], columns: Sequence[str], **options: Any) -> Rows:
        """Draw a table (`st.data_editor`) that shows and edits kept rows; return the rows.

            Row = dict[str, str | float | None]
            ROWS: Kept[list[Row]] = Kept("rows", list[Row], default=[])
            rows = visit.editor(ROWS, ["thing", "price"], num_rows="dynamic")

        Rows that another tab or the script has changed are shown in the next run; what the visitor edits meanwhile is
        kept, by the value's `merge` if it has one. An edit that is refused (`Refused`, `Locked`) is said below.

        Args:
            columns: all keys of a row, in the order of the columns. Cells are text, numbers or yes and no; an empty
                one is None.
            options: for `st.data_editor`, without `key` and `on_change`.

        Raises:
            TypeError: a cell is not of the value's type.
            ValueError: another definition has the same name.
        """
        return self._editors.draw(kept, columns, options)

    # Buttons

    def note_click(self, key: str) -> None:
        """Note that the callback of a button has acted."""
        self._clicks.add(key)

    def forget_click(self, key: str) -> bool:
        """Forget what `note_click` has noted of a button; return whether there was anything."""
        noted = key in self._clicks
        self._clicks.discard(key)
        return noted

    # Documents

    def hold(self, kind: Document[T, C]) -> Held[T, C]:
        """Return a document of this visitor. The first call reads it, one round trip, and starts its expiry anew.

        Beside `KeepSession` the kept values have been read already, together with the session, when its first run asks.

            count = visit.hold(COUNT)
            count.change(1)          # saved before this returns, or waits; raises Refused, Locked
            st.write(count.value)

        Storage that is away raises nothing here: the document is then what this process knows of it.
        """
        document = self._documents.get(kind.name)
        if document is None:
            document = self._documents[kind.name] = self._keeper.hold(self._owner, kind)
            if not _was_read(document):
                document.load(renew=True)
        return document

    @property
    def documents(self) -> Mapping[str, Held[Any, Any]]:
        """The documents that this visit holds, by name."""
        return self._documents

    @property
    def version(self) -> str:
        """A text that differs wherever any of the documents does."""
        return " ".join(document.version for document in self._documents.values())

    @property
    def forget_token(self) -> str:
        """What a page sends to `ForgetRoute` so that this browser is forgotten for good, with its cookies."""
        return forget_token(self.begun_for[0])

    @property
    def forgotten(self) -> bool:
        """Whether this browser was forgotten for good, from another tab: what is done here is not kept any more."""
        return any(document.forgotten for document in self._documents.values())

    def stored(self) -> Mapping[str, Any]:
        """Return everything that storage has of this visitor, by document, as JSON has it. One round trip.

        What this visit does not hold, what was set aside and what cannot be read are there as well.

        Raises:
            Unavailable: storage is away.
        """
        return self._keeper.stored(self._owner, also={VALUES.name, *self._documents})

    def forget(self) -> bool:
        """Delete everything that is kept for this visitor: every document, in storage and in this process.

        Returns whether storage has done it.

            click(visit, "forget-me", visit.forget, label="Forget me")

        One round trip. Nothing that waited comes back, also not from another server. While storage is away the wish
        waits; nothing is shown meanwhile. What the visitor does afterwards is kept as before, under the same cookie:
        `ForgetRoute` deletes that, too.

        Raises:
            Refused: storage is away, and the wishes of as many visitors wait as may. Nothing is forgotten.
        """
        self.hold(VALUES)  # read, values of a release that wrote no index are deleted with the rest
        is_done = self._keeper.forget(self._owner)
        self._values.forget()
        self._editors.forget()
        return is_done

    def _bring_values_of(self, browser: Owner) -> None:
        """Bring the browser's kept values to the person's: at once or, where storage is away, in a later visit.

        One round trip where the browser has none. After a crash at any point it goes on in the next visit.
        """
        before, own = self._keeper.hold(browser, VALUES), self.hold(VALUES)
        before.load()
        values = own_values(before.value)
        if not (values and before.record and before.saved and own.read):
            return
        try:
            own.change(Bring(values, before.record.token))
        except (Refused, Locked) as reason:
            log.warning("values of before the login stay with the browser", extra={"problem": type(reason).__name__})
            return
        if own.saved:
            before.change(Leave(values))

    # Runs

    def look_again(self) -> None:
        """Let the next run read the documents anew: the browser says that another tab has changed something."""
        self._look_again = True

    def begin_run(self, page: str = "") -> None:
        """Note which page this run draws; a page switch reads the documents anew, for other tabs' changes."""
        self._values.take_back()
        self._inputs.begin_run()
        self.began = self.page is None
        self.switched = not self.began and page != self.page
        for document in self._documents.values():
            if self.switched or self._look_again or document.locked or not document.read:
                document.load()
        self._look_again = False
        if self.switched:
            self.settled = False
            self.offers.forget()
        self.page = page

    def settle(self) -> None:
        """Let the next runs set the page's widgets from what is known: the visitor's latest act has been seen to."""
        self.settled = True

    def save(self) -> None:
        """Save what was put or changed in place: one round trip a document changed, none where nothing was.

        `complete_run` does it by itself, and so does `click` where only fragments are drawn anew.

        Raises:
            TypeError, Refused, Locked: as of `complete_run`.
        """
        self._values.take_back()
        for document in self._documents.values():
            if document.waiting:
                document.send()

    def complete_run(self) -> None:
        """Note that a run has drawn its whole page, and save what it has changed: one round trip a document changed.

        Where widgets showed something else than is kept, the page is drawn once more, and this does not return.

        Raises:
            TypeError, Refused, Locked: what was changed in place cannot be kept, as in `put`. This is said once, and
                the rest is kept.
        """
        again = self._inputs.complete_run(settled=self.settled)
        self.save()
        self.settle()
        if again:
            st.rerun()


def _was_read(document: Held[Any, Any]) -> bool:
    """Tell, once, whether a document was read for this session's first run."""
    context = get_script_run_ctx(suppress_warning=True)
    if context is None or context.session_id not in document.read_for:
        return False
    document.read_for.discard(context.session_id)
    return True
