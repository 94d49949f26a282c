"""The headers of a running store over https, judged by the rules of Mozilla's HTTP Observatory, counted by hand.

The rules are those of `src/analyzer/tests/` and `src/grader/charts.js` in github.com/mdn/mdn-http-observatory. One is
left out: http must lead to https, which is the proxy's to do.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import httpx
import pytest
from websockets.sync.client import connect
from websockets.typing import Origin

from testbed.servers import Store

HTTPS = {"X-Forwarded-Proto": "https"}
"""What a proxy of this host says; docs/deployment.md."""

PAGE = {**HTTPS, "Accept": "text/html"}
PATHS = ("/", "/cart", "/product?sku=LAPTOP", "/kept")
OTHERS = ("/static/nowhere.js", "/pictures/laptop.svg", "/pictures/nowhere", "/healthz", "/_stcore/health", "/media/x")
UNSAFE = {"'unsafe-inline'", "data:"}
BROAD = {"ftp:", "http:", "https:", "*"}


def policy_of(header: str) -> dict[str, set[str]]:
    parts = (part.split() for part in header.split(";"))
    return {name: set(sources) for name, *sources in parts}


def content_security_policy(header: str) -> int:
    """-25 to 10: without one; unsafe scripts; unsafe styles only; nothing unsafe and nothing by default."""
    if not header:
        return -25
    policy = policy_of(header)
    default = policy.get("default-src", {"*"})
    scripts, styles = (set(policy.get(name, default)) for name in ("script-src", "style-src"))
    if any(source.startswith("'nonce-") for source in scripts) and "'strict-dynamic'" in scripts:
        scripts -= {"'self'", "'unsafe-inline'", *BROAD}
    if scripts & (UNSAFE | BROAD) or policy.get("object-src", default) & BROAD:
        return -20
    if any(source.startswith(("http:", "ftp:")) for sources in policy.values() for source in sources):
        return -20
    if "'unsafe-eval'" in scripts | styles:
        return -10
    if styles & (UNSAFE | BROAD):
        return 0
    return 10 if default == {"'none'"} else 5


def cookies(headers: Iterable[str], *, hsts: bool) -> int:
    """-40 to 5: none of them is named like a session or a token against forgery, so only their attributes count."""
    attributes = [{part.strip().lower() for part in header.split(";")[1:]} for header in headers]
    if not attributes:
        return 0
    if not all("secure" in of_one for of_one in attributes):
        return -5 if hsts else -20
    return 5 if all({"samesite=lax", "samesite=strict"} & of_one for of_one in attributes) else 0


def transport_security(header: str) -> int:
    age = re.search(r"max-age=(\d+)", header)
    if not age:
        return -20
    return 0 if int(age[1]) >= 15_768_000 else -10


def scripts_from_elsewhere(page: str) -> int:
    """0 or -50; no bonus for checksums, which Streamlit's page does not have."""
    return -50 if re.search(r"<script[^>]*\bsrc=\"(https?:)?//", page) else 0


def score(answer: httpx.Response) -> int:
    headers: Mapping[str, str] = answer.headers
    hsts = transport_security(headers.get("strict-transport-security", ""))
    policy = headers.get("content-security-policy", "")
    framed = headers.get("x-frame-options", "").lower() in ("deny", "sameorigin")
    private = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
    counted = [
        content_security_policy(policy),
        cookies(answer.headers.get_list("set-cookie"), hsts=hsts == 0),
        -50 if headers.get("access-control-allow-origin") else 0,  # stricter than the rule
        5 if headers.get("referrer-policy") in private else 0,
        hsts,
        scripts_from_elsewhere(answer.text),
        0 if headers.get("x-content-type-options") == "nosniff" else -5,
        5 if "frame-ancestors" in policy_of(policy or "x") else 0 if framed else -20,
        10 if headers.get("cross-origin-resource-policy") in ("same-origin", "same-site") else 0,
    ]
    without_bonus = 100 + sum(part for part in counted if part < 0)
    return without_bonus + sum(part for part in counted if part > 0) if without_bonus >= 90 else max(without_bonus, 0)


@pytest.mark.parametrize("path", PATHS)
def test_every_page_has_a_plus_by_the_rules_of_the_observatory(shared_store: Store, path: str) -> None:
    assert score(httpx.get(shared_store.url + path, headers=PAGE)) == 125  # A+ begins at 100


@pytest.mark.parametrize("path", [*PATHS, *OTHERS])
def test_every_answer_may_be_framed_by_nobody_and_embedded_by_no_other_site(shared_store: Store, path: str) -> None:
    for asked in (HTTPS, PAGE):
        headers = httpx.get(shared_store.url + path, headers=asked).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["strict-transport-security"]


def test_what_the_door_refuses_has_the_headers_too(shared_store: Store) -> None:
    head = httpx.get(shared_store.url, headers={**PAGE, "Cookie": "x" * 20_000})
    method = httpx.post(shared_store.url, headers=PAGE)
    assert (head.status_code, method.status_code) == (431, 405)
    for answer in (head, method):
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")
        assert answer.headers["strict-transport-security"]


def test_every_cookie_over_https_is_bound_to_this_host_and_no_script_and_no_other_site_has_it(
    shared_store: Store,
) -> None:
    answers = [httpx.get(shared_store.url + path, headers=PAGE) for path in (*PATHS, *OTHERS)]
    answers.append(httpx.get(f"{shared_store.url}/_stcore/host-config", headers=HTTPS))
    found = [cookie for answer in answers for cookie in answer.headers.get_list("set-cookie")]
    stream = f"{shared_store.url.replace('http', 'ws')}/_stcore/stream"
    with connect(
        stream, additional_headers=HTTPS, origin=Origin(shared_store.url.replace("http", "https"))
    ) as websocket:
        assert websocket.response
        found += websocket.response.headers.get_all("set-cookie")
    assert len(found) == 2 * len(PATHS) + 1
    for cookie in found:
        name, *attributes = cookie.split("; ")
        assert name.startswith("__Host-keepcart")
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(attributes)


def test_over_http_nothing_is_remembered_and_a_script_still_needs_its_nonce(shared_store: Store) -> None:
    answer = httpx.get(shared_store.url, headers={"Accept": "text/html"})
    assert "strict-transport-security" not in answer.headers
    (nonce,) = re.findall(r"'nonce-([\w-]{22})'", answer.headers["content-security-policy"])
    assert answer.headers["cache-control"] == "private, no-cache"
    tags = re.findall(r"<script[^>]*>|<link[^>]*preload\"[^>]*>", answer.text)
    assert len(tags) > 50
    assert all(f'nonce="{nonce}"' in tag for tag in tags)
