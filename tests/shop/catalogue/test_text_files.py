"""Pages of text: what Markdown becomes, and what is refused, by file and line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from app.catalogue.text_files import TextsError, read_texts
from app.catalogue.watched_texts import WatchedTexts
from app.domain.pages import RESERVED, TITLES
from app.domain.text import Text
from testbed import ROOT


@pytest.fixture
def texts(tmp_path: Path) -> Callable[..., dict[str, Text]]:
    """Give a function that reads pages, written as `delivery="# Delivery"`."""
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "van.jpg").touch()

    def read(**pages: str) -> dict[str, Text]:
        for name, text in pages.items():
            (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
        return dict(read_texts(tmp_path, tmp_path / "pictures"))

    return read


def faults(texts: Callable[..., dict[str, Text]], tmp_path: Path, **pages: str) -> list[str]:
    with pytest.raises(TextsError) as error:
        texts(**pages)
    return [str(fault).removeprefix(f"{tmp_path}/") for fault in error.value.faults]


def test_a_file_is_a_page_with_its_first_heading_as_title(texts: Callable[..., dict[str, Text]]) -> None:
    page = texts(delivery="\ufeff# *Delivery* & more\n\nWe bring\n**it**.\n\n## When\n\nSoon.\n")["delivery"]
    assert (page.name, page.title, page.summary) == ("delivery", "Delivery & more", "We bring it.")
    assert page.html == "<p>We bring\n<strong>it</strong>.</p>\n<h2>When</h2>\n<p>Soon.</p>\n"


def test_pages_come_in_the_order_of_their_names_and_a_folder_that_is_not_there_has_none(
    texts: Callable[..., dict[str, Text]], tmp_path: Path
) -> None:
    assert list(texts(returns="# R", about="# A")) == ["about", "returns"]
    assert read_texts(tmp_path / "nowhere", tmp_path) == {}


def test_links_switch_pages_and_leave_the_shop_safely(texts: Callable[..., dict[str, Text]]) -> None:
    text = (
        "# A\n\n[c](cart) [s](./?q=desk) [p](product?sku=LAPTOP) [b](b) [o](https://o.example) [m](mailto:a@b.example)"
    )
    html = texts(a=text, b="# B")["a"].html
    assert '<a href="cart" data-page="cart">' in html
    assert '<a href="./?q=desk" data-page="./">' in html
    assert '<a href="product?sku=LAPTOP" data-page="product">' in html
    assert '<a href="b" data-page="b">' in html
    assert '<a href="https://o.example" rel="noopener">' in html
    assert '<a href="mailto:a@b.example" rel="noopener">' in html


def test_pictures_come_from_the_shop_or_by_https(texts: Callable[..., dict[str, Text]]) -> None:
    page = texts(a="# A\n\n![our van](pictures/van.jpg) ![a map](https://m.example/a.png)")["a"]
    assert page.hosts == {"m.example"}
    html = page.html
    assert '<img src="pictures/van.jpg" alt="our van" loading="lazy" />' in html
    assert '<img src="https://m.example/a.png" alt="a map" loading="lazy" />' in html


def test_a_table_has_no_style_of_its_own_which_the_policy_of_the_page_forbids(
    texts: Callable[..., dict[str, Text]],
) -> None:
    html = texts(a="# A\n\n| a | b |\n| :-: | --: |\n| 1 | 2 |\n")["a"].html
    assert '<td class="center">1</td>' in html
    assert '<td class="right">2</td>' in html
    assert "style" not in html


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "line 1: does not begin with the page's title, a line such as '# Delivery'"),
        ("Hello\n\n# A", "line 1: does not begin with the page's title, a line such as '# Delivery'"),
        ("#\n", "line 1: a title has 1 to 80 characters"),
        ("# A\n\n<script>alert(1)</script>\n", "line 3: '<script>alert(1)</script>' is HTML"),
        ("# A\n\none\ntwo <b onclick=x>\n", "line 4: '<b onclick=x>' is HTML"),
        (
            "# A\n\n- one\n- [x](javascript:alert(1))\n",
            "line 4: a link to 'javascript:alert(1)': it may begin with https",
        ),
        ("# A\n\n[x](JaVaScRiPt:alert(1))", "line 3: a link to 'JaVaScRiPt:alert(1)': it may begin with https"),
        ("# A\n\n<data:text/html,x>", "line 3: a link to 'data:text/html,x'"),
        ("# A\n\n[x](//evil.example)", "line 3: a link to '//evil.example': write the name of a page"),
        ("# A\n\n[x](/cart)", "line 3: a link to '/cart': write the name of a page, such as cart"),
        ("# A\n\n[x](nowhere)", "line 3: a link to 'nowhere': the shop has no page 'nowhere'"),
        ("# A\n\n[x]()", "line 3: a link to '': the shop has no page ''"),
        ("# A\n\n![x](http://m.example/a.png)", "line 3: 'http://m.example/a.png' is not an https address"),
        ("# A\n\n![x](pictures/cart.jpg)", "line 3: 'cart.jpg' is not in the pictures folder"),
        ("# A\n\n![x](pictures/../a.md)", "line 3: '../a.md' is outside the pictures folder"),
        ("# A\n\n![x](data:image/png;base64,x)", "line 3: 'data:image/png;base64,x' is neither an https address nor"),
        ("# A\n\n![](pictures/van.jpg)", "line 3: 'pictures/van.jpg' has no words for those who cannot see it"),
        (f"# A\n\n{'x' * 100_000}", "100,005 characters; at most 100,000 fit on a page"),
    ],
)
def test_what_a_page_of_text_cannot_have_is_named_by_file_and_line(
    texts: Callable[..., dict[str, Text]], tmp_path: Path, text: str, fault: str
) -> None:
    (found,) = faults(texts, tmp_path, a=text)
    assert found.startswith(f"a.md, {fault}" if fault.startswith("line") else f"a.md: {fault}")
    assert "\n" not in found


@pytest.mark.parametrize("name", [*(name for name in TITLES if name), *sorted(RESERVED)])
def test_a_name_that_the_shop_uses_itself_is_refused(
    texts: Callable[..., dict[str, Text]], tmp_path: Path, name: str
) -> None:
    assert faults(texts, tmp_path, **{name: "# A"}) == [f"{name}.md: the shop itself has /{name}: choose another name"]


def test_every_fault_of_every_file_is_named_at_once(texts: Callable[..., dict[str, Text]], tmp_path: Path) -> None:
    (tmp_path / "c.md").write_bytes(b"# caf\xe9")
    found = faults(texts, tmp_path, a="A\n\n<hr>", b="# B", **{"Our Shop": "# C"})
    assert [fault.split(":")[0] for fault in found] == ["Our Shop.md", "a.md, line 1", "a.md, line 3", "c.md"]


def test_the_samples_of_the_sample_shop_have_no_fault() -> None:
    texts = read_texts(ROOT / "texts", ROOT / "catalogue" / "pictures")
    assert [text.title for text in texts.values()] == ["About us", "Delivery", "Returns"]


def test_a_faulty_edit_leaves_the_pages_as_they_were(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = tmp_path / "a.md"
    file.write_text("# A", encoding="utf-8")
    watched = WatchedTexts(lambda: read_texts(tmp_path, tmp_path), tmp_path, tmp_path / "legal")
    file.write_text("<b>", encoding="utf-8")
    watched._update()
    assert watched.current["a"].title == "A"
    assert caplog.messages[0] == "edit of texts ignored, the last good ones stay"
    file.write_text("# New", encoding="utf-8")
    watched._update()
    assert watched.current["a"].title == "New"
