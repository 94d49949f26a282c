"""The Streamlit script of the keeper's app: access, bar, page, foot. It composes and does nothing else."""

import streamlit as st

from app.keeper import access, frame, mail_page, order_page, orders_page, paper_page, sales_page, shop_page, stock_page
from app.keeper.books import opened
from app.keeper.pages import INVOICE, MAIL, ORDER, SALES, SHOP, SLIP, STOCK, TO_DO, navigate
from app.views.parts.frame import ICON

books = opened()


def draw(address: str) -> None:
    """Draw a page."""
    by_address = {
        TO_DO: orders_page.show,
        ORDER: order_page.show,
        SLIP: paper_page.show_slip,
        INVOICE: paper_page.show_invoice,
        SALES: sales_page.show,
        STOCK: stock_page.show,
        MAIL: mail_page.show,
        SHOP: shop_page.show,
    }
    by_address[address](books, pages)


if access.lets_in(books.settings.keepers):
    pages = navigate(draw)
    st.set_page_config(
        page_title=f"{pages.asked.title} · {books.settings.store.name}", page_icon=ICON, layout="centered"
    )
    frame.bar(pages)
    frame.run(pages)
