"""The Streamlit script: page config, visit, header, page. It composes and does nothing else."""

import streamlit as st

from app.process import this_process
from app.shopper.checkout import finish_what_was_placed
from app.shopper.shopping import Shopping
from app.views import navigation
from app.views.parts import frame
from app.views.parts.live import live_page, say
from app.views.parts.style import draw_style
from keepcart import Visit, recognise

process = this_process()
shop = process.shop()

visit = Visit.current(process.keeper, recognise(process.settings.keep_seconds))
shopping = Shopping(shop, visit, newest=process.shop, unlink=process.unlink)
page, links = navigation.pages(shopping, process.orders)
st.set_page_config(page_title=page.title, page_icon=frame.ICON, layout="wide")
visit.begin_run(page.url_path)
shopping.begin_run()
finish_what_was_placed(shopping, process.orders)

draw_style()
frame.header(shopping, links)
frame.messages(shopping)
page.run()
frame.footer(shopping)
live_page(shopping)
say(shopping)
visit.complete_run()
