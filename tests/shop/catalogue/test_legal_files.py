"""Legal texts: four names in a folder of their own, read like all pages of text."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.catalogue.text_files import TextsError, read_texts
from app.catalogue.watched_texts import WatchedTexts
from app.domain.text import Text

ALLOWED = (
    "the legal texts are imprint.md, terms.md, withdrawal.md, privacy.md; other pages belong beside the pages of text"
)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """Give the folder of a shop with a page of text and legal texts."""
    for name in ("texts/delivery", "legal/withdrawal", "legal/privacy", "legal/imprint"):
        file = tmp_path / f"{name}.md"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"# {file.stem.title()}\n\nSee [it](delivery).\n", encoding="utf-8")
    return tmp_path


def read(shop: Path) -> dict[str, Text]:
    return dict(read_texts(shop / "texts", shop, shop / "legal"))


def faults(shop: Path) -> list[str]:
    with pytest.raises(TextsError) as error:
        read(shop)
    return [str(fault).replace(f"{shop}/", "") for fault in error.value.faults]


def test_they_come_after_the_other_pages_in_the_order_of_the_foot(shop: Path) -> None:
    assert list(read(shop)) == ["delivery", "imprint", "withdrawal", "privacy"]


def test_they_link_to_other_pages_and_other_pages_to_them(shop: Path) -> None:
    (shop / "texts" / "delivery.md").write_text("# Delivery\n\n[imprint](imprint)", encoding="utf-8")
    (shop / "legal" / "imprint.md").write_text("# Imprint\n\n[terms](terms)", encoding="utf-8")
    assert faults(shop) == ["legal/imprint.md, line 3: a link to 'terms': the shop has no page 'terms'"]


@pytest.mark.parametrize("name", ["shipping.md", "terms.txt", "Terms.md"])
def test_another_name_is_refused_with_those_that_are_allowed(shop: Path, name: str) -> None:
    (shop / "legal" / name).write_text("# A", encoding="utf-8")
    assert faults(shop) == [f"legal/{name}: {ALLOWED}"]


def test_what_is_hidden_or_left_by_an_editor_is_no_legal_text(shop: Path) -> None:
    for name in (".terms.md.swp", "terms.md~"):
        (shop / "legal" / name).write_text("<b>", encoding="utf-8")
    assert "terms" not in read(shop)


def test_one_page_in_both_folders_is_a_fault(shop: Path) -> None:
    (shop / "texts" / "imprint.md").write_text("# A", encoding="utf-8")
    assert faults(shop) == ["legal/imprint.md: texts/imprint.md is the same page: keep one of them"]


def test_a_shop_without_the_folder_has_none(shop: Path) -> None:
    assert list(read_texts(shop / "texts", shop, shop / "nowhere")) == ["delivery"]


def test_a_faulty_edit_takes_nothing_down_and_is_taken_up_once_it_is_mended(
    shop: Path, caplog: pytest.LogCaptureFixture
) -> None:
    watched = WatchedTexts(lambda: read(shop), shop / "texts", shop / "legal")
    before = watched._signature()
    odd = shop / "legal" / "odd.md"
    odd.write_text("# Odd", encoding="utf-8")
    assert watched._signature() != before
    watched._update()
    assert "imprint" in watched.current
    assert caplog.messages[0] == "edit of texts ignored, the last good ones stay"
    odd.rename(shop / "legal" / "terms.md")
    watched._update()
    assert watched.current["terms"].title == "Odd"
