"""A letter as HTML: one column, its styles at the elements, since many readers of mail drop all others."""

from __future__ import annotations

from typing import Final

from markupsafe import Markup

from app.mail.letter import Amount, Letter

_PAGE: Final = Markup(
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<meta name="color-scheme" content="light dark"><title>{subject}</title></head>'
    '<body style="margin:0;padding:0"><div style="max-width:36rem;margin:0 auto;padding:24px 16px;'
    "font:16px/1.5 -apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;overflow-wrap:break-word\">"
    '<h1 style="font-size:22px;line-height:1.3;margin:0 0 16px">{subject}</h1>{parts}</div></body></html>'
)
_LINE: Final = "border-top:1px solid #8886;"
_TITLE: Final = "font-size:16px;margin:24px 0 4px"


def as_html(letter: Letter) -> str:
    """Return a letter as a page of HTML."""
    parts = [
        *map(_paragraph, letter.opening),
        _amounts(letter.amounts),
        *(_fact(title, lines) for title, lines in letter.facts),
        _links((letter.link,) if letter.link else ()),
        _links(letter.further),
        *map(_paragraph, letter.closing),
        _sender(letter.sender),
    ]
    return str(_PAGE.format(subject=letter.subject, parts=Markup("").join(parts)))


def _paragraph(words: str) -> Markup:
    return Markup('<p style="margin:0 0 16px">{}</p>').format(words)


def _amounts(amounts: tuple[Amount, ...]) -> Markup:
    if not amounts:
        return Markup()
    rows = Markup("").join(map(_amount, amounts))
    return Markup('<table style="width:100%;border-collapse:collapse;margin:0 0 16px">{}</table>').format(rows)


def _amount(one: Amount) -> Markup:
    weight = "font-weight:700;" if one.is_total else "font-weight:400;"
    return Markup(
        '<tr><th scope="row" style="{line}{weight}text-align:left;padding:8px 16px 8px 0">{what}</th>'
        '<td style="{line}{weight}text-align:right;vertical-align:top;white-space:nowrap;padding:8px 0">{amount}</td>'
        "</tr>"
    ).format(line=_LINE, weight=weight, what=one.what, amount=one.amount)


def _fact(title: str, lines: tuple[str, ...]) -> Markup:
    words = Markup("<br>").join(lines)
    return Markup('<h2 style="{}">{}</h2><p style="margin:0">{}</p>').format(_TITLE, title, words)


def _links(links: tuple[tuple[str, str], ...]) -> Markup:
    if not links:
        return Markup()
    found = (Markup('<a href="{}">{}</a>').format(address, words) for words, address in links)
    return Markup('<p style="margin:24px 0 16px">{}</p>').format(Markup("<br>").join(found))


def _sender(lines: tuple[str, ...]) -> Markup:
    if not lines:
        return Markup()
    return Markup('<p style="{}margin:32px 0 0;padding-top:16px;font-size:14px">{}</p>').format(
        _LINE, Markup("<br>").join(lines)
    )
