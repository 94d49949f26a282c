"""What pages show of setups, as HTML: the face of one in the list, and combinations side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from markupsafe import Markup

from app.domain.cart import CART, Cart, Lines, Place, Setup, count, total
from app.domain.comparison import Column, Comparison, Row, compare, dearer
from app.domain.money import Currency
from app.domain.pages import COMPARE, SETUPS
from app.shopper.shopping import Shop
from app.views.parts.cart_page import pieces_in_words
from app.views.parts.product import address

OF: Final = "of"
"""In addresses: the setup that is shown; those that are compared, with commas between."""

IN_ADDRESS: Final = "cart"
"""What the cart is called there."""

MOST_COMPARED: Final = 4

NAMED: Final = 3
"""Products of a setup that are named in the list."""


def setup_link(setup: Setup) -> Markup:
    """Return the link to the page of a setup."""
    return Markup('<a href="{page}?{of}={id}" data-page="{page}">{name}</a>').format(
        page=SETUPS, of=OF, id=setup.id, name=setup.name
    )


def onward(to: str, words: str) -> Markup:
    """Return a link to a page of the shop, as a paragraph; `to` is its name, perhaps with a query."""
    page = to.partition("?")[0]
    return Markup('<p class="onward"><a href="{}" data-page="{}">{}</a></p>').format(to, page, words)


def setup_face(shop: Shop, setup: Setup) -> Markup:
    """Return the face of a setup in the list: name, what it has, what it costs today."""
    products = shop.catalogue.by_sku
    facts = [pieces_in_words(count(setup.lines, products)), shop.money.write(total(setup.lines, products))]
    if since := since_then(shop, setup.lines):
        facts.append(since)
    return Markup('<div class="setup"><h2>{}</h2><p>{}</p><p class="hint">{}</p></div>').format(
        setup_link(setup), " · ".join(facts), _names(shop, setup.lines)
    )


def _names(shop: Shop, lines: Lines) -> str:
    return first_of([shop.name_of(line.sku) for line in lines]) or "Nothing in it yet"


def first_of(names: Sequence[str]) -> str:
    """Return the first names, and how many more there are; nothing where there are none."""
    named, more = ", ".join(names[:NAMED]), len(names) - NAMED
    return f"{named} and {more} more" if more > 0 else named


def since_then(shop: Shop, lines: Lines) -> str:
    """Return in words what lines cost more or less than when they were put there; empty if nothing changed."""
    more = dearer(lines, shop.catalogue.by_sku)
    if not more:
        return ""
    return f"{shop.money.write(abs(more))} {'more' if more > 0 else 'less'} than when you put it together"


def columns_of(cart: Cart, asked: str | None) -> tuple[list[Column], bool]:
    """Return the combinations that an address names, at most four, each once; and whether it names one that is gone.

    An address that names none means the cart, unless it is empty, and the first setups.
    """
    if asked is None:
        places = [*([CART] if cart.lines else []), *(setup.id for setup in cart.setups)]
    else:
        named = dict.fromkeys(filter(None, asked.split(",")))
        places = [CART if name == IN_ADDRESS else name for name in named]
    found = [Column(place, _name(cart, place), cart.at(place) or ()) for place in places if _is_there(cart, place)]
    return found[:MOST_COMPARED], asked is not None and len(found) < len(places)


def named_in(cart: Cart, asked: str) -> Column | None:
    """Return the one combination that an address names: the cart or a setup; None where it is not there."""
    place = CART if asked == IN_ADDRESS else asked
    return Column(place, _name(cart, place), cart.at(place) or ()) if _is_there(cart, place) else None


def _is_there(cart: Cart, place: Place) -> bool:
    return place == CART or cart.setup(place) is not None


def _name(cart: Cart, place: Place) -> str:
    setup = cart.setup(place)
    return setup.name if setup else "Cart"


def compare_address(places: Iterable[Place]) -> str:
    """Return the address of combinations side by side."""
    return f"{COMPARE}?{OF}=" + ",".join(place or IN_ADDRESS for place in places)


def choice(cart: Cart, chosen: Sequence[Column]) -> Markup:
    """Return what can be compared, as links that put a combination beside the others or take it away."""
    places = [column.place for column in chosen]
    all_places = [CART, *(setup.id for setup in cart.setups)]
    items = Markup("").join(_toggle(_name(cart, place), place, places) for place in all_places)
    return Markup('<nav class="choices" aria-label="What is compared"><ul>{}</ul></nav>').format(items)


def _toggle(name: str, place: Place, places: Sequence[Place]) -> Markup:
    """Return one link of the choice. The last two cannot be taken away, and no fifth be added."""
    is_chosen = place in places
    if is_chosen:
        then = [one for one in places if one != place] if len(places) > 2 else None
    else:
        then = [*places, place] if len(places) < MOST_COMPARED else None
    sign, words = ("✓", "compared") if is_chosen else ("+", "not compared")
    label = Markup('<span aria-hidden="true">{}</span> {}<span class="unseen">, {}</span>').format(sign, name, words)
    if then is None:
        return Markup("<li><span{}>{}</span></li>").format(Markup(' class="chosen"') if is_chosen else "", label)
    return Markup('<li><a href="{}" data-page="{}"{}>{}</a></li>').format(
        compare_address(then), COMPARE, Markup(' class="chosen"') if is_chosen else "", label
    )


def side_by_side(shop: Shop, columns: Sequence[Column]) -> Markup:
    """Return the combinations side by side: what differs first, then what all have, the sums, and where money goes."""
    found = compare(columns, shop.catalogue.by_sku)
    return Markup('<div class="compare">{}{}</div>').format(_table(shop, found), _chart(shop.money, found))


def _table(shop: Shop, found: Comparison) -> Markup:
    heads = Markup("").join(Markup('<th scope="col">{}</th>').format(_head(column)) for column in found.columns)
    parts = [
        _rows("What differs", "Nothing differs: they are alike.", shop, found.differing, found),
        _rows("In all of them alike", "", shop, found.alike, found),
        _sums(shop.money, found),
    ]
    return Markup(
        '<div class="wide" role="region" aria-label="Side by side" tabindex="0"><table class="side-by-side">'
        '<thead><tr><th scope="col">Product</th>{}</tr></thead>{}</table></div>'
    ).format(heads, Markup("").join(parts))


def _head(column: Column) -> Markup:
    page, query = ("cart", "") if column.place == CART else (SETUPS, f"?{OF}={column.place}")
    return Markup('<a href="{}{}" data-page="{}">{}</a>').format(page, query, page, column.name)


def _rows(title: str, if_none: str, shop: Shop, rows: Sequence[Row], found: Comparison) -> Markup:
    """Return a part of the table with its title; nothing where it has no rows and no words for that."""
    if not rows and not if_none:
        return Markup()
    width = len(found.columns) + 1
    body = Markup("").join(_row(shop, row) for row in rows)
    none = Markup('<tr><td colspan="{}">{}</td></tr>').format(width, if_none)
    return Markup('<tbody><tr class="title"><th colspan="{}" scope="rowgroup"><b>{}</b></th></tr>{}</tbody>').format(
        width, title, body or none
    )


def _row(shop: Shop, row: Row) -> Markup:
    if row.product is None:
        name = Markup("<del>{}</del> <span>No longer sold</span>").format(row.sku)
    else:
        name = Markup('<a href="{}">{}</a> <span>{} each</span>').format(
            address(row.sku), row.product.full_name, shop.money.write(row.product.price)
        )
    cells = Markup("").join(_cell(shop.money, row, number) for number in range(len(row.quantities)))
    return Markup('<tr><th scope="row">{}</th>{}</tr>').format(name, cells)


def _cell(money: Currency, row: Row, number: int) -> Markup:
    """Return how many pieces a column has, what they cost, and how that differs from the first column."""
    quantity, first = row.quantities[number], row.quantities[0]
    difference = "" if number == 0 or quantity == first else _difference(quantity - first, bool(quantity), bool(first))
    if not quantity:
        return Markup('<td class="none"><span class="how-many">none</span>{}</td>').format(_remark(difference))
    cost = money.write(row.product.price * quantity) if row.product else "not sold"
    return Markup('<td{}><span class="how-many">{} ×</span> <span class="cost">{}</span>{}</td>').format(
        Markup(' class="differs"') if difference else "", quantity, cost, _remark(difference)
    )


def _difference(more: int, has_any: bool, first_has_any: bool) -> str:  # noqa: FBT001 - two of a kind
    if not has_any:
        return "left out"
    if not first_has_any:
        return "added"
    return f"{abs(more)} {'more' if more > 0 else 'fewer'}"


def _remark(words: str) -> Markup:
    return Markup('<span class="remark">{}</span>').format(words) if words else Markup()


def _sums(money: Currency, found: Comparison) -> Markup:
    first = found.totals[0]
    rows = [
        ("Pieces", [str(pieces) for pieces in found.pieces]),
        ("Total", [money.write(total) for total in found.totals]),
        (
            f"Compared with {found.columns[0].name}",
            ["", *(_more(money, total - first) for total in found.totals[1:])],
        ),
    ]
    if any(found.dearer):
        rows.append(("Since you put it together", [_more(money, more) for more in found.dearer]))
    lines = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            name, Markup("").join(Markup("<td>{}</td>").format(value) for value in values)
        )
        for name, values in rows
    )
    return Markup('<tbody class="sums">{}</tbody>').format(lines)


def _more(money: Currency, more: int) -> str:
    if not more:
        return "the same"
    return f"{money.write(abs(more))} {'more' if more > 0 else 'less'}"


def _chart(money: Currency, found: Comparison) -> Markup:
    """Return where the money goes: a bar and its figure for each category and column, all on one scale."""
    if not found.categories:
        return Markup()
    largest = max(max(spent) for spent in found.categories.values())
    heads = Markup("").join(Markup('<th scope="col">{}</th>').format(column.name) for column in found.columns)
    rows = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>').format(
            category, Markup("").join(_bar(money, amount, largest) for amount in spent)
        )
        for category, spent in found.categories.items()
    )
    return Markup(
        '<h2>Where the money goes</h2><div class="wide" role="region" aria-label="Where the money goes" tabindex="0">'
        '<table class="side-by-side"><thead><tr><th scope="col">Category</th>{}</tr></thead><tbody>{}</tbody></table>'
        "</div>"
    ).format(heads, rows)


def _bar(money: Currency, amount: int, largest: int) -> Markup:
    return Markup('<td>{}<progress max="{}" value="{}" aria-hidden="true"></progress></td>').format(
        money.write(amount), largest, amount
    )
