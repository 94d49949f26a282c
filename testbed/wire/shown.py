"""What a page shows: its elements, as the messages of one run have drawn them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Any

from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

_ESCAPED = re.compile(r":color\[\\(.)\]|\\([!-/:-@\[-`{-~])")
"""A character of a text, as app/views/parts/markdown.py writes it in Markdown."""


_SAID = re.compile(r'class="said" data-said="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Part:
    """One element.

    Attributes:
        kind: as Streamlit names it, such as `button`.
        content: what it is made of, a message of that kind.
        keys: of the containers that it stands in, the outermost first.
        script: the hash of the script that drew it.
        fragment: the id of the fragment that it belongs to, "" for none.
        in_popover: it stands in a popover, which the browser draws when it is opened.
    """

    kind: str
    content: Any
    keys: Sequence[str]
    script: str
    fragment: str = ""
    in_popover: bool = False

    @property
    def widget(self) -> Any | None:
        """The content of a widget, None for what is none."""
        return self.content if getattr(self.content, "id", "").startswith("$$ID-") else None

    @property
    def names(self) -> Sequence[str]:
        """What a widget is called: its key, and its label."""
        return (_key(self.content.id), getattr(self.content, "label", "")) if self.widget else ()

    @property
    def text(self) -> str:
        """What is read there; Markdown without what escapes it."""
        content = self.content
        if self.kind == "html":
            if said := said_in(content.body):
                notice = said["notice"]
                return "\n".join([*notice["done"], *notice["warnings"], notice["total"]])
            return _without_tags(content.body)
        if self.kind == "button_group":
            return "\n".join(option.content for option in content.options)
        text: str = getattr(content, "body", "") or getattr(content, "label", "")
        return _ESCAPED.sub(r"\1\2", text)


class Shown:
    """A page as it stands.

    Attributes:
        parts: its elements, from top to bottom.
    """

    def __init__(self, messages: Sequence[ForwardMsg]) -> None:
        """Take the deltas of one run."""
        blocks: dict[tuple[int, ...], str] = {}
        popovers: set[tuple[int, ...]] = set()
        elements: dict[tuple[int, ...], tuple[Element, str, str]] = {}
        for message in messages:
            path = tuple(message.metadata.delta_path)
            if message.delta.HasField("add_block"):
                blocks[path] = _key(message.delta.add_block.id)
                if message.delta.add_block.HasField("popover"):
                    popovers.add(path)
            elif message.delta.HasField("new_element"):
                elements[path] = (
                    message.delta.new_element,
                    message.metadata.active_script_hash,
                    message.delta.fragment_id,
                )
        self.parts: list[Part] = []
        for path, (element, script, fragment) in sorted(elements.items(), key=lambda pair: pair[0]):
            kind = element.WhichOneof("type") or ""
            around = [blocks.get(path[:end], "") for end in range(1, len(path))]
            content = getattr(element, kind, None)
            in_popover = any(path[:end] in popovers for end in range(1, len(path)))
            self.parts.append(Part(kind, content, [key for key in around if key], script, fragment, in_popover))

    def fragment_of(self, widget: str) -> str:
        """Return the id of the fragment that a widget belongs to, "" for none."""
        return next((part.fragment for part in self.parts if widget in part.names), "")

    def within(self, key: str) -> Sequence[Part]:
        """Return what stands in a container with this key."""
        return [part for part in self.parts if key in part.keys]

    def text(self, key: str = "") -> str:
        """Return everything that is read on the page, or in a container, a line each."""
        return "\n".join(part.text for part in (self.within(key) if key else self.parts))

    @property
    def said(self) -> Any:
        """What the page tells its script, in the hidden element of `app/views/parts/live.py`."""
        (said,) = [said for part in self.parts if part.kind == "html" and (said := said_in(part.content.body))]
        return said

    @property
    def undo_in_notice(self) -> str | None:
        """The name of the act that the notice offers to undo."""
        undo = self.said["notice"]["undo"]
        return undo and str(undo["name"])

    def html(self) -> str:
        """Return all that the page brings as HTML."""
        return "".join(part.content.body for part in self.parts if part.kind == "html")

    def has(self, widget: str) -> bool:
        """Tell whether there is a widget with this key or label."""
        return any(widget in part.names for part in self.parts)

    def widget(self, name: str) -> Any:
        """Return what the server says of a widget, found by its key, or by its label where it has none."""
        for part in self.parts:
            if name in part.names:
                return part.content
        raise LookupError(f"there is no {name} among {[part.names for part in self.parts if part.names]}")

    def keys(self, beginning: str) -> list[str]:
        """Return the keys of widgets that begin so, without that."""
        found = [part.names[0] for part in self.parts if part.names]
        return [key.removeprefix(beginning) for key in found if key.startswith(beginning)]


def said_in(html: str) -> Any | None:
    """Return what HTML tells the page's script; None where it tells it nothing."""
    found = _SAID.search(html)
    return json.loads(unescape(found[1])) if found else None


def _key(element_id: str) -> str:
    """Return the key in an id, `$$ID-<hash>-<key or None>`; a container without a key has no id."""
    key = element_id.split("-", 2)[2] if element_id.startswith("$$ID-") else ""
    return "" if key == "None" else key


def _without_tags(html: str) -> str:
    reader = _Words()
    reader.feed(re.sub(r"<style>.*?</style>", "", html, flags=re.DOTALL))
    return "".join(reader.words)


class _Words(HTMLParser):
    """Collects what stands between the tags."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)
