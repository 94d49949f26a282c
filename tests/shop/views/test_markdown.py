"""Text that Streamlit reads as Markdown."""

from app.domain.cart import Cart, Limits, Line
from app.domain.catalogue import Catalogue, Product
from app.domain.finding import Finder
from app.domain.money import Currency
from app.shopper.known import Known
from app.shopper.shopping import Shop
from app.views.parts.cart_lines import face
from app.views.parts.cart_page import cart_page
from app.views.parts.markdown import Markdown, plain


def test_a_label_shows_a_text_as_it_is_and_not_as_markdown() -> None:
    assert plain("2 * [Desk] `x` :red[y]") == r"2 \* \[Desk\] \`x\` \:red\[y\]"


def test_nothing_is_left_together_that_streamlit_makes_links_or_icons_of_afterwards() -> None:
    assert plain("https://x") == r"https:color[\:]\/\/x"
    assert plain("www.x, a@x") == r"www:color[\.]x\, a:color[\@]x"
    assert plain(":material_home: :streamlit:") == r":color[\:]material\_home\: :color[\:]streamlit\:"
    assert plain("a -> b") == r"a :color[\-]:color[\>] b"
    assert plain("T-shirt: 3 - 4 (a->b)") == r"T\-shirt\: 3 \- 4 \(a\-\>b\)"


def test_what_is_put_into_markdown_is_escaped_once() -> None:
    assert Markdown("**{}** {name}").format("*a*", name=Markdown("_b_")) == r"**\*a\*** _b_"
    assert plain(plain("*a*")) == r"\*a\*"


def test_a_cart_line_shows_a_hostile_product_as_text() -> None:
    hostile = "](x) ![y](z) **b** {0}"
    product = Product("A", hostile, 1, "C", "D", "a (1).svg", 2)
    shop = Shop("S", "", Finder(Catalogue.of([product])), Currency("INR", "en_IN"), Limits(9, 9))
    line, gone = cart_page(shop, Known(Cart((Line("A", 1, 1), Line("A*B", 1, 1))))).lines
    escaped = r"\]\(x\) \!\[y\]\(z\) \*\*b\*\* \{0\}"
    assert face(line) == (
        f"![{escaped}](pictures/a%20%281%29.svg)\n\n[{escaped}](product?sku=A)  \n"
        r":small[₹0\.01 each] :small[**Only 2 left**]"
    )
    assert face(gone).startswith(r"~~A\*B~~  ")
