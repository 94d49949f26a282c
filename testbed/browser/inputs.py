"""One tab of an app that shows kept widgets: edits them as a person would, and reads what the browser shows."""

from __future__ import annotations

import json
from typing import Any

from playwright.sync_api import Locator, Page, expect

from testbed.browser.shopper import CONNECTED, IDLE, PATIENCE_MS

# By key: everything that a widget shows or has chosen, whatever its kind.
SHOWN = """() => Object.fromEntries([...document.querySelectorAll('[class*="st-key-kept-"]')].map(widget => [
  [...widget.classList].find(name => name.startsWith('st-key-kept-')).slice('st-key-kept-'.length),
  [
    ...[...widget.querySelectorAll('input, textarea')].map(input =>
      ['checkbox', 'radio'].includes(input.type) ? input.checked : input.value),
    ...[...widget.querySelectorAll('[role=spinbutton]')].map(part => part.ariaValueNow),
    ...[...widget.querySelectorAll('[role=radio], button[aria-pressed]')].map(button =>
      `${button.textContent} ${button.ariaChecked ?? button.ariaPressed}`),
    ...[...widget.querySelectorAll('[data-tag]')].map(tag => tag.textContent),
    ...[...widget.querySelectorAll('[data-testid=stColorPickerBlock]')].map(block =>
      getComputedStyle(block).backgroundColor),
  ].join(' | '),
]))"""


class Inputs:
    """One tab."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        page.set_default_timeout(PATIENCE_MS)

    def another_tab(self) -> Inputs:
        return Inputs(self.page.context.new_page(), self.url)

    # Getting somewhere

    def open(self, path: str = "/") -> Inputs:
        self.page.goto(self.url + path)
        return self.settled()

    def reload(self) -> Inputs:
        self.page.reload()
        return self.settled()

    def go_to(self, title: str) -> Inputs:
        self.page.get_by_role("link", name=title).click()
        expect(self.page).to_have_title(title)  # the server answers: until then what is shown is the page before
        return self.settled()

    def settled(self) -> Inputs:
        """Wait until the page is connected, its script has run, and every part of it is fetched and drawn."""
        expect(self.page.locator(CONNECTED)).to_be_attached()
        expect(self.drawn).to_be_attached()
        expect(self.page.locator(IDLE)).to_be_attached()
        expect(self.page.get_by_test_id("stSkeleton")).to_have_count(0)
        expect(self.page.get_by_test_id("stException")).to_have_count(0)
        return self

    # What the browser shows

    @property
    def drawn(self) -> Locator:
        """What a run draws: here the text that tells what is kept."""
        return self.told

    @property
    def told(self) -> Locator:
        return self.page.locator(".st-key-told").get_by_test_id("stText")

    def keeps(self, expected: dict[str, Any]) -> None:
        """Wait until the script has told that exactly this is kept."""
        expect(self.told).to_have_text(json.dumps(expected, separators=(",", ":")))

    def shown(self) -> dict[str, str]:
        """Return what every kept widget shows, by the name of its value."""
        self.settled()
        found: dict[str, str] = self.page.evaluate(SHOWN)
        return found

    def shows(self, expected: dict[str, str]) -> None:
        """Wait until the widgets show this."""
        for _ in range(PATIENCE_MS // 100):
            if self.shown() == expected:
                return
            self.page.wait_for_timeout(100)
        assert self.shown() == expected

    # What she does

    def widget(self, name: str) -> Locator:
        return self.page.locator(f".st-key-kept-{name}")

    def types(self, name: str, text: str, end: str = "Enter") -> None:
        field = self.widget(name).locator("input, textarea").last
        field.fill(text)
        field.press(end)

    def slides(self, name: str, key: str, thumb: int = 0) -> None:
        self.widget(name).locator("input[type=range]").nth(thumb).press(key)

    def picks(self, name: str, *options: str) -> None:
        """Pick from a list that opens, or put a new option in."""
        for option in options:
            field = self.widget(name).get_by_role("combobox")
            field.click()
            field.fill(option)
            field.press("Enter")
            if self.widget(name).get_by_test_id("stMultiSelect").count():  # stays open for more
                field.press("Escape")
            else:  # Escape would undo the choice while the list is still closing
                expect(field).to_have_attribute("aria-expanded", "false")
            self.settled()

    def clicks(self, name: str, *texts: str) -> None:
        for text in texts:
            self.widget(name).get_by_text(text, exact=True).click()

    def dials(self, name: str, *numbers: str) -> None:
        """Type into the parts of a date or time, one after another."""
        parts = self.widget(name).get_by_role("spinbutton")
        for index, number in enumerate(numbers):
            if parts.nth(index).inner_text() != number:
                parts.nth(index).press_sequentially(number)
        parts.last.press("Enter")
        self.page.get_by_role("heading").first.click()  # what opened beside it closes

    def colours(self, name: str, code: str) -> None:
        self.widget(name).get_by_role("button").click()
        field = self.page.locator("input[id^=rc-editable-input]").or_(self.page.get_by_label("hex")).first
        field.fill(code)
        field.press("Enter")
        self.page.keyboard.press("Escape")

    def rates(self, name: str, stars: int) -> None:
        self.widget(name).get_by_role("radio").nth(stars - 1).click()


class Headed(Inputs):
    """One tab of an app that does not tell what is kept, as those of the guide: its pages have a heading."""

    @property
    def drawn(self) -> Locator:
        return self.page.get_by_role("heading", level=1)
