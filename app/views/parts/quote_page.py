"""Lines as a table to read and print: a quote, and the preview of a combination."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from app.domain.cart import Lines, PricedLine, priced, total
from app.domain.contact import Contact
from app.shopper.shopping import Shop
from app.views.parts.product import is_worth_saying, stock_words

HEADS = Markup("").join(
    Markup('<th scope="col">{}</th>').format(name) for name in ("Product", "Pieces", "Each", "Price")
)
"""Above the columns of a table of lines."""

PRINT = Markup('<p class="acts-of-quote"><button type="button" data-print>Print</button></p>')


def table(shop: Shop, lines: Lines) -> Markup:
    """Return lines with today's prices; what is no longer sold is named, and not part of the total."""
    rows = Markup("").join(_row(shop, line) for line in priced(lines, shop.catalogue.by_sku))
    return Markup(
        '<div class="lines"><table class="priced"><thead><tr>{}</tr></thead><tbody>{}</tbody>'
        '<tfoot><tr><th scope="row" colspan="3">Total</th><td>{}</td></tr></tfoot></table></div>'
    ).format(HEADS, rows, shop.money.write(total(lines, shop.catalogue.by_sku)))


def _row(shop: Shop, line: PricedLine) -> Markup:
    product, quantity = line.product, line.line.quantity
    if product is None:
        return Markup(
            '<tr><th scope="row"><del>{}</del></th><td>{}</td><td colspan="2">No longer sold</td></tr>'
        ).format(line.line.sku, quantity)
    stock = stock_words(product) if is_worth_saying(product) else ""
    name = Markup("{}<small>{}</small>").format(product.full_name, " · ".join(filter(None, (product.sku, stock))))
    return Markup('<tr><th scope="row">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>').format(
        name, quantity, shop.money.write(product.price), shop.money.write(line.total)
    )


def quote(shop: Shop, name: str, lines: Lines, day: str) -> Markup:
    """Return a quote: who makes it, when, of what, and what it costs.

    Args:
        shop: as it is now.
        name: of the combination.
        lines: of the combination.
        day: on which these prices hold, in words.
    """
    return Markup(
        '<article class="quote"><p class="from">{}</p><h2>{}</h2><p>Prices of {}. They may change; this is not an '
        "order.</p>{}</article>"
    ).format(Markup("<br>").join(_sender(shop.name, shop.contact)), name, day, table(shop, lines))


def _sender(name: str, contact: Contact) -> Sequence[str]:
    return [one for one in (name, contact.address, contact.email, contact.phone) if one]
