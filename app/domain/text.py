"""A page of text that the shopkeeper wrote."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One page.

    Attributes:
        name: in the page's address, such as "delivery".
        title: its heading.
        html: what is below the heading. It has no other elements than Markdown makes.
        summary: its first paragraph without marks.
        hosts: other hosts that have pictures of it.
    """

    name: str
    title: str
    html: str
    summary: str = ""
    hosts: frozenset[str] = frozenset()
