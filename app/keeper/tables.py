"""Figures as a table, for who cannot see a chart, and for exact numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from app.views.parts.html import html


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Draw a table whose first column names its rows."""
    body = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            first, Markup("").join(Markup("<td>{}</td>").format(cell) for cell in cells)
        )
        for first, *cells in rows
    )
    head = Markup("").join(Markup('<th scope="col">{}</th>').format(name) for name in heads)
    html(Markup('<table class="figures"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>').format(head, body))
