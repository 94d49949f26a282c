"""What crawlers, makers of previews and shoppers with an old link get from a real store, before any script runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import httpx
import pytest

from testbed.servers import Store, running_store
from testbed.wire.shopper import WireShopper

AT = "https://shop.example/in"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with running_store(tmp_path_factory.mktemp("store"), {"KEEPCART_WEB__PUBLIC_URL": AT}) as store:
        yield store


@pytest.fixture
def browser(store: Store) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=store.url, headers={"Accept": "text/html"}, timeout=30) as client:
        yield client


def title_of(html: str) -> str:
    (found,) = re.findall("<title>(.*?)</title>", html)
    return str(found)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/cart",
        "/setups",
        "/compare?of=cart",
        "/combination?is=1.LAPTOP",
        "/kept",
        "/privacy",
        "/delivery",
        "/product?sku=LAPTOP",
        "/product?sku=JUG",
        "/?category=Desks",
        "/?q=desk",
    ],
)
def test_the_title_that_comes_with_the_page_is_the_one_that_streamlit_sets_later(
    store: Store, browser: httpx.Client, new_shopper: Callable[[Store], WireShopper], path: str
) -> None:
    shopper = new_shopper(store).open(path)
    assert title_of(browser.get(path).text) == shopper.page.title


@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_a_preview_of_a_shared_link_needs_no_script_and_no_wish_for_html(store: Store, accept: str) -> None:
    html = httpx.get(f"{store.url}/product?sku=LAPTOP", headers={"Accept": accept}, timeout=30).text
    assert '<html lang="en">' in html
    assert f'<meta property="og:image" content="{AT}/pictures/laptop.svg">' in html
    assert '"price":"25000.00"' in html


@pytest.mark.parametrize("path", ["/nope", "/cart/nope", "/shop", "/index.html", "/nope/"])
@pytest.mark.parametrize("accept", ["text/html", "*/*"])
def test_what_is_no_page_is_404_with_a_page_that_leads_on(store: Store, path: str, accept: str) -> None:
    answer = httpx.get(store.url + path, headers={"Accept": accept}, timeout=30)
    assert answer.status_code == 404
    assert title_of(answer.text) == "Page not found · Keepcart"
    assert "set-cookie" not in answer.headers
    up = "../" * (path.count("/") - 1) or "./"
    for link in (up, f"{up}cart", f"{up}privacy"):
        assert f'href="{link}"' in answer.text
        assert httpx.get(f"{answer.url.join(link)}", timeout=30).status_code == 200
    assert f'<form action="{up}"' in answer.text


def test_a_product_that_is_not_sold_is_404_with_a_page_that_helps(store: Store, browser: httpx.Client) -> None:
    for path in ("/product?sku=JUG", "/product"):
        answer = browser.get(path)
        assert answer.status_code == 404
        assert "set-cookie" in answer.headers
        assert "static/js/" in answer.text


def test_head_is_answered_like_get(browser: httpx.Client) -> None:
    for path in ("/", "/cart", "/product?sku=LAPTOP", "/product?sku=JUG", "/nope", "/pictures/mouse.svg", "/healthz"):
        assert browser.head(path).status_code == browser.get(path).status_code, path


def test_a_slash_at_the_end_of_a_page_is_no_other_page(browser: httpx.Client) -> None:
    answer = browser.get("/cart/")
    assert (answer.status_code, answer.headers["location"]) == (301, "/cart")


def test_crawlers_find_every_listed_page_and_none_says_that_it_is_not_to_be_found(browser: httpx.Client) -> None:
    rules = browser.get("/robots.txt")
    assert rules.headers["content-type"].startswith("text/plain")
    assert f"Sitemap: {AT}/sitemap.xml" in rules.text
    answer = browser.get("/sitemap.xml")
    assert answer.headers["content-type"].startswith("application/xml")
    pages = re.findall("<loc>(.*?)</loc>", answer.text)
    assert len(pages) > 30
    for page in pages:
        found = browser.get(page.removeprefix(AT))
        assert found.status_code == 200, page
        assert f'<link rel="canonical" href="{page}">' in found.text
        assert "noindex" not in found.text
    assert browser.get("/sitemap.xml?part=1").status_code == 404


def test_without_the_stores_own_address_there_is_no_list_of_pages(shared_store: Store) -> None:
    assert httpx.get(f"{shared_store.url}/sitemap.xml", timeout=30).status_code == 404
    rules = httpx.get(f"{shared_store.url}/robots.txt", timeout=30).text
    assert "Disallow: /_stcore/" in rules
    assert "Sitemap" not in rules
