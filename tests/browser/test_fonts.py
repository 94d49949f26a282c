"""The small fonts on the shop's pages: icons are icons, ₹ is right, and other scripts are not left out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from app.web.static_cache import APP, icons_in
from testbed.browser.shopper import Shopper
from testbed.servers import Store

PAGES = ("/", "/?q=zzzz", "/cart", "/kept", "/product?sku=LAPTOP")
EMS = """name => {
  const icon = document.createElement("span");
  icon.style = "position: fixed; white-space: nowrap; font: 24px 'Material Symbols Rounded'";
  icon.textContent = name;
  document.body.append(icon);
  const width = icon.getBoundingClientRect().width / 24;
  icon.remove();
  return width;
}"""
DRAWN = """() => [...document.querySelectorAll('[data-testid=stIconMaterial]')].map(icon => {
  const range = document.createRange();
  range.selectNodeContents(icon);
  return [icon.textContent, range.getBoundingClientRect().width / parseFloat(getComputedStyle(icon).fontSize)];
})"""
WIDTH = """([text, family]) => {
  const paper = document.createElement("canvas").getContext("2d");
  paper.font = `100px ${family}`;
  return paper.measureText(text).width;
}"""


@pytest.fixture
def fonts(store_with_small_fonts: Store, new_shopper: Callable[..., Shopper]) -> Callable[..., Shopper]:
    """Give a function that brings a shopper to the store with small fonts."""
    return lambda **options: new_shopper(store_with_small_fonts, **options)


def fetched(page: Page) -> list[str]:
    names: list[str] = page.evaluate(
        "performance.getEntriesByType('resource').map(entry => entry.name).filter(name => name.endsWith('woff2'))"
    )
    return [name.rpartition("/")[2] for name in names]


def test_every_icon_of_the_shop_is_drawn_as_an_icon(fonts: Callable[..., Shopper]) -> None:
    shopper = fonts().fill_unseen("LAPTOP")
    page = shopper.page
    seen = set()
    for path in PAGES:
        shopper.open(path)
        shopper.settled()
        page.evaluate("document.fonts.ready")
        for name, ems in page.evaluate(DRAWN):
            assert ems == pytest.approx(1, abs=0.01), f"{name} on {path}"
            seen.add(name)

    assert len(seen) >= 4
    for name in icons_in(APP):
        assert page.evaluate(EMS, name) == pytest.approx(1, abs=0.01), name
    assert page.evaluate(EMS, "zoom_in_map") > 2, "an icon that the font lacks is a word: this is how one would be seen"


def test_a_visit_fetches_the_small_fonts_and_no_whole_one_within_the_pages_policy(
    fonts: Callable[..., Shopper],
) -> None:
    shopper = fonts()
    complaints: list[str] = []
    shopper.page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    shopper.open()
    shopper.settled()
    shopper.page.wait_for_load_state("networkidle")

    assert sorted(name.split(".k")[0].split(".")[0] for name in set(fetched(shopper.page)) if ".k" in name) == [
        "MaterialSymbols-Rounded",
        "SourceSansVF-Upright",
    ]
    assert all(".k" in name for name in fetched(shopper.page))
    assert complaints == []


def test_the_rupee_is_drawn_in_the_shops_font(fonts: Callable[..., Shopper]) -> None:
    shopper = fonts()
    shopper.open()
    shopper.settled()
    shopper.page.evaluate("document.fonts.load(\"100px 'Source Sans'\", '₹')")

    ours = shopper.page.evaluate(WIDTH, ["₹", "'Source Sans', monospace"])
    digit = shopper.page.evaluate(WIDTH, ["0", "'Source Sans', monospace"])

    assert ours == pytest.approx(digit), "in Source Sans it is as wide as a digit, in no font of the system"
    assert ours != pytest.approx(shopper.page.evaluate(WIDTH, ["₹", "monospace"]))


@pytest.mark.parametrize(("word", "font"), [("Стол", "whole"), ("Γραφείο", "whole"), ("डेस्क", "system")])
def test_a_word_in_another_script_shows_in_the_whole_font_or_the_systems(
    fonts: Callable[..., Shopper], word: str, font: str
) -> None:
    shopper = fonts()
    shopper.open()
    shopper.settled()
    page = shopper.page

    page.evaluate("text => document.fonts.load(\"100px 'Source Sans'\", text)", word)

    assert any(".k" not in name for name in fetched(page)) == (font == "whole")
    ours, systems = (page.evaluate(WIDTH, [word, family]) for family in ("'Source Sans', monospace", "monospace"))
    assert (ours != pytest.approx(systems)) or font == "system"
