"""The words of an HTML text."""

from __future__ import annotations

from html.parser import HTMLParser

_INLINE = {"a", "abbr", "b", "code", "em", "font", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "u"}
_HIDDEN = {"script", "style"}


def plain_text(html: str) -> str:
    """Return the words that a browser would show, on one line."""
    parser = _Words()
    parser.feed(html)
    parser.close()
    return " ".join("".join(parser.words).split())


class _Words(HTMLParser):
    """Collects the text outside scripts and styles. A tag that is not inline separates words."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self._hidden = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the signature
        """Begin a script or style, or a new line."""
        if tag in _HIDDEN:
            self._hidden = tag
        elif tag not in _INLINE:
            self.words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """End it."""
        if tag == self._hidden:
            self._hidden = ""
        elif tag not in _INLINE:
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        """Keep text that a browser shows."""
        if not self._hidden:
            self.words.append(data)
