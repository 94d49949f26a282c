"""A letter as plain text: lines of at most 72 characters, amounts in a column of their own."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Final

from app.mail.letter import Amount, Letter

WIDTH: Final = 72


def as_text(letter: Letter) -> str:
    """Return a letter as plain text."""
    return "\n\n".join(block for block in _blocks(letter) if block) + "\n"


def _blocks(letter: Letter) -> Iterator[str]:
    yield from map(_wrapped, letter.opening)
    yield "\n".join(_amounts(letter.amounts))
    for title, lines in letter.facts:
        yield "\n".join((f"{title}:", *(f"  {line}" for long in lines for line in wrap(long, WIDTH - 2))))
    if letter.link:
        words, address = letter.link
        yield f"{words}:\n{address}"
    yield from (f"{words}:\n{address}" for words, address in letter.further)
    yield from map(_wrapped, letter.closing)
    if letter.sender:
        yield "\n".join(("-- ", *letter.sender))


def _wrapped(paragraph: str) -> str:
    return "\n".join(wrap(paragraph, WIDTH))


def _amounts(amounts: tuple[Amount, ...]) -> Iterator[str]:
    far = max((len(one.amount) for one in amounts), default=0)
    room = WIDTH - far - 2
    for one in amounts:
        if one.is_total:
            yield "-" * WIDTH
        *above, last = wrap(one.what, room, subsequent_indent="  ")
        yield from above
        yield f"{last:<{room}}  {one.amount:>{far}}"
