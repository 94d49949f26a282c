"""A person instead of a browser: what is kept follows a login, and is never merged twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from keepcart import Keeper, Kept, Visit
from keepcart.documents import VALUES, Held, Leave, Values, ValuesChange
from keepcart.middleware import person_key, visitor_key
from testbed.switchable import Switchable

LAPTOP, PHONE = "l" * 43, "p" * 43
COUNT = Kept("count", int, default=0, merge=lambda base, mine, theirs: theirs + mine - base)
TOWN = Kept("town", str, default="")


Begin = Callable[..., Visit]


@pytest.fixture
def begin(storage: Switchable) -> Begin:
    """Give a function that begins a visit in a process of its own."""

    def begin(browser: str, owner: str | None = None, seal_keys: Sequence[str] = ()) -> Visit:
        visit = Visit(Keeper(storage, keep_seconds=60, seal_keys=seal_keys), browser, owner)
        visit.begin_run()
        return visit

    return begin


def keep(visit: Visit, *, count: int = 0, town: str = "") -> None:
    if count:
        visit.put(COUNT, count)
    if town:
        visit.put(TOWN, town)
    visit.complete_run()


def shown(visit: Visit) -> tuple[int, str]:
    values = visit.get(COUNT), visit.get(TOWN)
    visit.complete_run()
    return values


def test_values_follow_the_person_to_another_browser(begin: Begin) -> None:
    keep(begin(LAPTOP, "asha"), count=3, town="Pune")
    assert shown(begin(PHONE, "asha")) == (3, "Pune")


def test_another_person_in_the_same_browser_has_values_of_their_own(begin: Begin) -> None:
    keep(begin(LAPTOP, "asha"), count=3)
    assert shown(begin(LAPTOP, "ravi")) == (0, "")


def test_what_was_kept_before_the_login_is_merged_by_each_values_merge(begin: Begin) -> None:
    keep(begin(PHONE, "asha"), count=4, town="Goa")
    keep(begin(LAPTOP), count=3, town="Pune")
    assert shown(begin(LAPTOP, "asha")) == (7, "Pune")
    assert shown(begin(PHONE, "asha")) == (7, "Pune")


def test_a_browser_that_kept_nothing_takes_nothing_away(begin: Begin) -> None:
    keep(begin(PHONE, "asha"), count=4, town="Goa")
    assert shown(begin(LAPTOP, "asha")) == (4, "Goa")


def test_it_is_merged_once_however_often_the_page_is_loaded(begin: Begin) -> None:
    keep(begin(LAPTOP), count=3)
    assert [shown(begin(LAPTOP, "asha")) for _ in range(3)] == [(3, "")] * 3


def test_after_a_logout_the_browser_has_nothing_of_it(begin: Begin) -> None:
    keep(begin(LAPTOP), count=3, town="Pune")
    shown(begin(LAPTOP, "asha"))
    assert shown(begin(LAPTOP)) == (0, "")


def test_what_is_kept_after_the_logout_is_merged_at_the_next_login(begin: Begin) -> None:
    keep(begin(LAPTOP), count=3)
    shown(begin(LAPTOP, "asha"))
    keep(begin(LAPTOP), count=2)
    assert shown(begin(LAPTOP, "asha")) == (5, "")


def test_a_value_that_no_page_has_used_yet_is_merged_when_one_does(begin: Begin) -> None:
    keep(begin(LAPTOP), count=3, town="Pune")
    visit = begin(LAPTOP, "asha")
    assert visit.get(TOWN) == "Pune"
    visit.complete_run()
    assert shown(begin(PHONE, "asha")) == (3, "Pune")


def test_two_browsers_bring_theirs_before_any_page_uses_the_value(begin: Begin) -> None:
    for browser, count in ((LAPTOP, 3), (PHONE, 4)):
        keep(begin(browser), count=count)
        begin(browser, "asha").complete_run()
    assert shown(begin(LAPTOP, "asha")) == (7, "")


def test_two_tabs_that_log_in_at_once_merge_once(begin: Begin) -> None:
    keep(begin(LAPTOP), count=3)
    one, two = begin(LAPTOP, "asha"), begin(LAPTOP, "asha")
    assert (one.get(COUNT), two.get(COUNT)) == (3, 3)
    one.complete_run()
    two.complete_run()
    assert shown(begin(LAPTOP, "asha")) == (3, "")


def test_after_a_crash_between_the_two_documents_nothing_is_merged_twice(
    begin: Begin, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(begin(LAPTOP), count=3)
    change = Held.change

    def crash(document: Held[Values, ValuesChange], made: ValuesChange, *, later: bool = False) -> None:
        if isinstance(made, Leave):
            raise SystemExit
        change(document, made, later=later)

    with monkeypatch.context() as crashing:
        crashing.setattr(Held, "change", crash)
        with pytest.raises(SystemExit):
            begin(LAPTOP, "asha")
    assert shown(begin(LAPTOP, "asha")) == (3, "")
    assert shown(begin(LAPTOP)) == (0, "")


def test_while_storage_is_away_nothing_moves_and_a_later_visit_catches_up(begin: Begin, storage: Switchable) -> None:
    keep(begin(LAPTOP), count=3)
    storage.off = True
    assert shown(begin(LAPTOP, "asha")) == (0, "")
    storage.off = False
    assert shown(begin(LAPTOP, "asha")) == (3, "")


def test_storage_knows_no_persons_name(begin: Begin, storage: Switchable) -> None:
    keep(begin(LAPTOP, "asha@example.org"), count=3)
    assert storage.inner.load(person_key("asha@example.org"), VALUES.name) is not None
    assert "asha" not in person_key("asha@example.org")
    assert person_key(LAPTOP) != visitor_key(LAPTOP)


OLD, NEW = "o" * 32, "n" * 32


def test_with_a_secret_of_the_apps_a_persons_values_are_sealed_under_a_key_that_nobody_can_guess(
    begin: Begin, storage: Switchable
) -> None:
    keep(begin(LAPTOP, "asha@example.org", [NEW]), town="Pune")
    assert storage.inner.load(person_key("asha@example.org"), VALUES.name) is None
    record = storage.inner.load(person_key("asha@example.org", NEW), VALUES.name)
    assert record is not None
    assert b"Pune" not in record.body
    assert shown(begin(PHONE, "asha@example.org", [NEW])) == (0, "Pune")


def test_without_one_a_persons_values_are_not_sealed(begin: Begin, storage: Switchable) -> None:
    keep(begin(LAPTOP, "asha"), town="Pune")
    record = storage.inner.load(person_key("asha"), VALUES.name)
    assert record is not None
    assert b"Pune" in record.body


def test_what_a_browser_kept_sealed_is_sealed_anew_at_the_login(begin: Begin, storage: Switchable) -> None:
    keep(begin(LAPTOP), town="Pune")
    assert shown(begin(LAPTOP, "asha", [NEW])) == (0, "Pune")
    assert shown(begin(PHONE, "asha", [NEW])) == (0, "Pune")
    assert shown(begin(LAPTOP)) == (0, "")
    record = storage.inner.load(person_key("asha", NEW), VALUES.name)
    assert record is not None
    assert b"Pune" not in record.body


@pytest.mark.parametrize("before", [(), [OLD]], ids=["from none", "from an older one"])
def test_a_secret_can_be_introduced_and_changed(begin: Begin, before: Sequence[str]) -> None:
    keep(begin(LAPTOP, "asha", before), count=3, town="Pune")
    assert shown(begin(PHONE, "asha", [NEW, *before])) == (3, "Pune")
    keep(begin(PHONE, "asha", [NEW, *before]), count=4)
    assert shown(begin(LAPTOP, "asha", [NEW])) == (4, "Pune"), "kept under the new secret alone"


def test_a_secret_that_is_gone_leaves_what_it_sealed_where_it_is(begin: Begin) -> None:
    keep(begin(LAPTOP, "asha", [OLD]), town="Pune")
    assert shown(begin(LAPTOP, "asha", [NEW])) == (0, "")
    assert shown(begin(LAPTOP, "asha", [NEW, OLD])) == (0, "Pune")


def test_a_short_secret_is_an_error_that_says_what_to_give(begin: Begin) -> None:
    with pytest.raises(ValueError, match="at least 32"):
        begin(LAPTOP, "asha", ["short"])


def test_an_empty_owner_is_an_error_that_says_what_to_give(begin: Begin) -> None:
    with pytest.raises(ValueError, match="None means that nobody has logged in"):
        begin(LAPTOP, "")


SCRIPT = """
import streamlit as st
from keepcart import Kept, begin_visit

visit = begin_visit({url!r}, owner=st.session_state.get("who"))
visit.widget(Kept("town", str, default=""), st.text_input, "Your town")
visit.complete_run()
"""


def test_a_login_and_a_logout_within_a_session_change_what_the_page_shows(tmp_path: Path) -> None:
    page = AppTest.from_string(SCRIPT.format(url=f"sqlite:///{tmp_path / 'test.db'}"), default_timeout=60)
    page.session_state["keepcart.visitor"] = LAPTOP
    page.run().text_input(key="kept-town").input("Pune").run()
    page.session_state["who"] = "asha"
    page.run()
    assert page.text_input(key="kept-town").value == "Pune"
    page.session_state["who"] = None
    page.run()
    assert not page.exception
    assert page.text_input(key="kept-town").value == ""
