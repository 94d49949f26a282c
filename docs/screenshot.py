"""Take the README's picture of a running store: `python docs/screenshot.py http://localhost:8501`."""

import base64
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

PICTURE = Path(__file__).with_name("screenshot.png")
BOUGHT = ("DESK-STAND", "CHAIR-MESH", "LAMP-DESK", "LAPTOP")
FRAME = """
<body style="margin:0;padding:28px;background:#dcd6c8;display:flex;gap:24px;align-items:flex-start;width:max-content">
<style>img{border-radius:14px;box-shadow:0 10px 40px #0004;display:block}</style>%s</body>
"""


def shop(browser: Browser, address: str, page_path: str, width: int, colours: str) -> str:
    """Fill a cart, show a page and return its picture as an img element."""
    context = browser.new_context(viewport={"width": width, "height": 820}, color_scheme=colours)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address)
    for sku in BOUGHT:
        page.locator(f".st-key-add-{sku} button").click()
    page.get_by_role("link", name=f"Cart ({len(BOUGHT)})").wait_for()
    page.goto(address + page_path)
    page.locator("img").first.wait_for()
    page.wait_for_timeout(1_000)
    picture = base64.b64encode(page.screenshot()).decode("ascii")
    context.close()
    return f'<img src="data:image/png;base64,{picture}" height="720">'


def main(address: str) -> None:
    """Compose shop and cart, wide and narrow, light and dark."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        shots = [shop(browser, address, "/", 1180, "light"), shop(browser, address, "/cart", 390, "dark")]
        page = browser.new_page(viewport={"width": 1500, "height": 780}, device_scale_factor=1)
        page.set_content(FRAME % "".join(shots))
        page.locator("body").screenshot(path=PICTURE)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
