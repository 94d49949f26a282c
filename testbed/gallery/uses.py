"""How each app of the gallery is used, by the protocol client."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from testbed.wire.connection import Cookies
from testbed.wire.open_page import OpenPage

Act = Callable[[OpenPage], object]


def press(name: str) -> Act:
    return lambda page: page.press(name)


def change(name: str, **value: object) -> Act:
    return lambda page: page.change(name, **value)


def hold(name: str, **value: object) -> Act:
    return lambda page: page.hold(name, **value)


def say(text: str) -> Act:
    return lambda page: page.say(text)


def words(name: str, text: str) -> Act:
    return change(name, string_value=text)


def tick(page: OpenPage) -> object:
    return page.tick()


def several(*values: object) -> Mapping[str, object]:
    return {"data": list(values)}


@dataclass(frozen=True)
class Used:
    """How an app is used: before something happens, and the next act after it."""

    before: Sequence[Act]
    next: Act


GALLERY = {
    "account": Used([hold("What", string_value="Lamp"), press("Book")], press("Book")),
    "address": Used([words("room", "office"), press("Look")], press("Look")),
    "asked": Used([press("New name"), words("Name", "Ann"), press("Keep")], press("New name")),
    "board": Used([press("0-0"), press("1-1")], press("2-2")),
    "callbacks": Used([press("Once"), press("Twice"), words("nick", "Bo")], words("nick", "Cy")),
    "cart": Used([words("Product", "Desk"), change("Pieces", int_value=3), press("Put in")], press("Take out Desk")),
    "chat": Used([say("hi"), say("there")], say("again")),
    "client": Used([words("Word", "desk"), press("Ask")], press("Ask")),
    "converter": Used(
        [change("Value", double_value=3.5), words("Unit", "inch"), change("Upper case", bool_value=True)],
        change("Places", int_array_value=several(1)),
    ),
    "clock": Used([tick, tick, press("Reset"), tick], tick),
    "counter": Used([press("One more"), press("One more")], press("One more")),
    "expenses": Used([words("What for", "Tea"), change("Amount", double_value=2.5), press("Note")], press("Note")),
    "filters": Used(
        [
            change("Kinds", string_array_value=several("lamp", "chair")),
            change("Price", int_array_value=several(20, 30)),
            change("Size", string_array_value=several("L")),
            change("Room", string_array_value=several("home")),
            change("stars", string_value="3"),
            words("Notes", "two\nlines"),
        ],
        change("In stock", bool_value=False),
    ),
    "flags": Used([press("Show more"), press("Even more")], press("Hide")),
    "form": Used(
        [hold("Your name", string_value="Ann"), hold("I agree", bool_value=True), press("Send")], press("Send")
    ),
    "fragment": Used([press("Inside"), press("Outside"), press("Inside")], press("Inside")),
    "gate": Used([words("Who are you?", "Ann"), press("Come in")], press("Leave")),
    "invoice": Used(
        [words("what", "Lamp"), change("pieces-1", int_value=3), words("note-0", "oak"), words("what", "Mat")],
        words("what", "Pot"),
    ),
    "linked": Used([press("Look at it"), words("colour", "blue"), press("Look at it")], press("Look at it")),
    "quiz": Used(
        [words("2 + 2", "4"), press("Answer"), words("3 * 3", "6"), press("Answer"), words("10 / 2", "5")],
        press("Answer"),
    ),
    "ready": Used([words("Name", "Ann"), press("Visit")], press("Visit")),
    "seed_shop": Used(
        [words("Choose a product:", "Mouse"), press("FormSubmitter:pick-Add to Cart")], press("remove_0")
    ),
    "tabs": Used(
        [words("Left words", "hello"), change("right", int_value=4), words("Mode", "night")], words("Mode", "day")
    ),
    "tasks": Used([words("Title", "Paint"), words("Priority", "HIGH"), press("Add task")], press("Add task")),
    "todo": Used(
        [words("title", "Milk"), press("Add"), words("title", "Tea"), press("Add"), change("done-0", bool_value=True)],
        change("done-1", bool_value=True),
    ),
    "undo": Used([change("place", int_value=5), press("Move"), press("Move")], press("Undo")),
    "values": Used([press("Grow")], press("Grow")),
    "wizard": Used([words("answer-1", "Ann"), press("Next"), words("answer-2", "L")], press("Next")),
}


def used(url: str, app: str, tab: str = "", cookies: Cookies | None = None) -> OpenPage:
    """Open an app and use it; return the page, which is open."""
    page = OpenPage(url, cookies, app, tab=tab)
    for act in GALLERY[app].before:
        act(page)
    return page
