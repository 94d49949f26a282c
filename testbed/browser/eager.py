"""An eager shopper: she clicks while the page is still starting, and a model knows what she was shown as taken."""

from __future__ import annotations

import csv
import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Dialog, Error, Page

from testbed import ROOT
from testbed.browser.shopper import Shopper
from testbed.servers import Store

WITNESS = """
const log = (how, sku, pieces) => {
  const seen = JSON.parse(sessionStorage.getItem('witness') ?? '[]');
  sessionStorage.setItem('witness', JSON.stringify([...seen, [Date.now(), how, sku, Number(pieces ?? 1)]]));
};
const attach = HTMLElement.prototype.attachInternals;
let hit;
HTMLElement.prototype.attachInternals = function () {
  const internals = attach.call(this);
  window.paintRoot = internals.shadowRoot;
  paintRoot?.addEventListener('click', event => { hit = event.target.closest('button[data-key]') }, true);
  return internals;
};
addEventListener('click', () => {  // after the paint's own listener
  const [kind, sku] = hit?.dataset.key.split(/-(.*)/) ?? [];
  if (kind === 'add' && hit.classList.contains('noted') && !hit.disabled)
    log('paint', sku, hit.closest('.st-key-buy') && paintRoot.querySelector('[data-key^=pieces-]:is(input)')?.value);
  hit = undefined;
});
document.addEventListener('click', event => {
  const button = event.target.closest?.('[class*=st-key-add-] button');
  if (!button || button.disabled) return;
  const sku = button.closest('[class*=st-key-add-]').className.match(/st-key-add-(\\S+)/)[1];
  const field = button.closest('.st-key-buy')?.querySelector('input');
  const isConnected = document.querySelector('[data-testid=stApp]').dataset.testConnectionState === 'CONNECTED';
  if (isConnected) log(event.isTrusted ? 'page' : 'replay', sku, field?.value);
}, true);
let busy = 0;
setInterval(() => {
  if (!document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')) busy = performance.now();
}, 10);
window.isAtRest = () => performance.now() - busy > 1000;
window.placeOf = (selectors, choice) => {
  const isPainted = window.paintRoot?.host.isConnected;
  const found = [...(isPainted ? paintRoot : document).querySelectorAll(selectors[isPainted ? 0 : 1])];
  const part = found.filter(one => one.getClientRects().length)[Math.floor(choice * found.length)];
  part?.scrollIntoView({block: 'center'});
  const box = part?.getBoundingClientRect();
  return box && [box.x + box.width / 2, box.y + box.height / 2];
};
"""
"""Notes each click on *Add to Cart* with the number of pieces beside it, and who took it: `paint`, where the painted
button shows it as remembered; `page`, the real one; `replay`, when the page does what the paint has remembered."""

ADD = ("button[data-key^=add-]:not([disabled])", "[class*=st-key-add-] button:not([disabled])")
STEP = ("button[data-step='1']", "[data-testid=stNumberInputStepUp]:not([disabled])")
LINK = ("a[href^='product?sku='], a.home", ".st-key-cards a[href^='product?sku='], .st-key-header a[href='']")
IS_DONE = """() =>
  window.isAtRest?.() && !sessionStorage.getItem('keepcart.acts') && !document.querySelector('first-paint')"""
"""Between the runs of two clicks that wait for each other the page looks idle, but not for as long as a second."""

PAGES = ("/", "/product?sku=MOUSE", "/product?sku=KEYBOARD", "/?category=Desks")
NETWORKS = (None, None, (200_000, 150), (60_000, 400))
"""Bytes a second and the milliseconds until an answer begins; None: as fast as the machine is."""

with (ROOT / "catalogue" / "products.csv").open(encoding="utf-8", newline="") as _products:
    STOCK = {row["sku"]: int(row["stock"]) for row in csv.DictReader(_products) if row["stock"]}

IN_FLIGHT_MS = 2_500
"""What was sent so shortly before the server died was perhaps not answered."""


@dataclass
class Load:
    """What happened in one load, and all that followed it.

    Attributes:
        did: what the shopper did, in order, with the milliseconds before it.
        clicks: of the witness: when, who took it, of which product, how many pieces.
        kills: when the server died, in milliseconds since the epoch.
        kept: what the cart has at the end, by SKU, without what it had before.
        stuck: how often the page did not come to rest by itself, so that she loaded it again.
    """

    did: list[str] = field(default_factory=list)
    clicks: list[tuple[float, str, str, int]] = field(default_factory=list)
    kills: list[float] = field(default_factory=list)
    kept: Counter[str] = field(default_factory=Counter)
    stuck: int = 0

    @property
    def taken(self) -> Counter[str]:
        """Pieces by SKU that she was shown as taken."""
        taken: Counter[str] = Counter()
        for _, how, sku, count in self.clicks:
            if how != "replay" and taken[sku] + count <= STOCK.get(
                sku, count + taken[sku]
            ):  # else the page says why not
                taken[sku] += count
        return taken

    @property
    def unsure(self) -> Counter[str]:
        """Pieces whose click was on its way when the server died: nobody knows, and the page says so."""
        return _pieces(
            last
            for kill in self.kills
            if (last := max((c for c in self.clicks if c[1] != "paint" and c[0] <= kill + 100), default=None))
            and last[0] > kill - IN_FLIGHT_MS
        )

    @property
    def lost(self) -> Counter[str]:
        return self.taken - self.unsure - self.kept

    @property
    def doubled(self) -> Counter[str]:
        return self.kept - self.taken


def _pieces(clicks: Any) -> Counter[str]:
    pieces: Counter[str] = Counter()
    for _, _, sku, count in clicks:
        pieces[sku] += count
    return pieces


class EagerShopper:
    """One browser. Each load is a new visitor's."""

    def __init__(self, context: BrowserContext, store: Store) -> None:
        self._context, self._store = context, store

    def load(self, chance: random.Random, *, kills: bool) -> Load:
        """Load a page, click, follow and reload at random moments; return what came of it."""
        self._context.clear_cookies()
        page = self._context.new_page()
        try:
            return _Visit(page, self._store, chance).run(kills=kills)
        finally:
            page.close()


class _Visit:
    def __init__(self, page: Page, store: Store, chance: random.Random) -> None:
        self.page, self.store, self.chance = page, store, chance
        self.shopper = Shopper(page, store.url)
        self.load = Load()
        page.on("dialog", Dialog.dismiss)  # the browser asks whether she wants to leave while a click is not answered
        page.add_init_script(WITNESS)

    def run(self, *, kills: bool) -> Load:
        before: Counter[str] = Counter()
        if self.chance.random() < 0.5:
            self.shopper.fill_unseen("LAPTOP", "MOUSE")
            before = Counter({"LAPTOP": 1, "MOUSE": 1})
        network = self._throttle(self.chance.choice(NETWORKS))
        self.page.goto(self.store.url + self.chance.choice(PAGES), wait_until="commit")
        acts: list[Callable[[], None]] = [self._click] * 6 + [self._click_twice, self._click_several] * 2
        acts += [self._step] * 3 + [self._follow, self._reload]
        todo = [self.chance.choice(acts) for _ in range(self.chance.randint(3, 9))]
        if kills:
            todo.insert(self.chance.randint(1, len(todo)), self._kill)
        for act in todo:
            pause = self.chance.choice((0, 0.03, 0.1, 0.3, 0.8)) * self.chance.random() * 2
            self.load.did.append(f"{1000 * pause:.0f} {act.__name__}")
            time.sleep(pause)
            act()
        network.send("Network.emulateNetworkConditions", _conditions(None))
        self._rest()
        self.load.clicks = [
            tuple(c) for c in self.page.evaluate("JSON.parse(sessionStorage.getItem('witness') ?? '[]')")
        ]
        self.load.kept = Counter(self.shopper.kept_lines()) - before
        return self.load

    def _throttle(self, network: tuple[int, int] | None) -> Any:
        self.load.did.append(f"network {network}")
        session = self.page.context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", _conditions(network))
        return session

    def _place(self, selectors: tuple[str, str]) -> list[float] | None:
        with suppress(Error):  # the page is just left
            place: list[float] | None = self.page.evaluate(
                "([selectors, choice]) => window.placeOf?.(selectors, choice)", [selectors, self.chance.random()]
            )
            return place
        return None

    def _click(self, selectors: tuple[str, str] = ADD, times: int = 1) -> None:
        if place := self._place(selectors):
            for _ in range(times):
                self.page.mouse.click(*place)

    def _click_twice(self) -> None:
        self._click(times=2)

    def _click_several(self) -> None:
        for _ in range(3):
            self._click()

    def _step(self) -> None:
        self._click(STEP)

    def _follow(self) -> None:
        """Follow a link. On the real page she then waits: that page is gone for her, and the paint is what is tried."""
        is_painted = self._is_painted()
        self._click(LINK)
        if not is_painted:
            with suppress(Error, AssertionError):
                self.shopper.settled()

    def _reload(self) -> None:
        with suppress(Error):  # she stays, where the browser asks her
            self.page.reload(wait_until="commit", timeout=5_000)

    def _kill(self) -> None:
        """Kill the server, go on in the paint, and start it again."""
        if self._place(ADD) and not self._is_painted():
            with suppress(Error, AssertionError):
                self.shopper.settled()  # of a click on the real page that is not answered nobody knows
        self.store.kill()
        self.load.kills.append(1000 * time.time())
        for act in self.chance.sample([self._click, self._click_twice, self._step, self._reload], 2):
            if self._is_painted():
                self.load.did.append(f"  meanwhile {act.__name__}")
                act()
            time.sleep(self.chance.random() / 2)
        self.store.start()

    def _is_painted(self) -> bool:
        with suppress(Error):
            return bool(self.page.evaluate("!!window.paintRoot?.host.isConnected"))
        return False

    def _rest(self) -> None:
        """Return once all that was remembered is done and the page is the real one.

        A page that does not get there in half a minute is loaded again, as anybody would do; `Load.stuck` counts it.
        """
        for _ in range(4):
            give_up = time.monotonic() + 30
            while time.monotonic() < give_up:
                with suppress(Error, AssertionError):
                    if self._is_error_page():  # it was loaded while there was no server
                        self.page.reload(wait_until="commit")
                    self.page.wait_for_function(IS_DONE, timeout=10_000)
                    self.shopper.settled()
                    if self.page.evaluate(IS_DONE):
                        return
            self.load.stuck += 1
            self.page.remove_listener("dialog", Dialog.dismiss)
            self.page.on("dialog", Dialog.accept)
            self._reload()
        raise AssertionError(f"the page does not come to rest: {self.load.did}")

    def _is_error_page(self) -> bool:
        return bool(self.page.evaluate("location.protocol") == "chrome-error:")


def _conditions(network: tuple[int, int] | None) -> dict[str, Any]:
    speed, latency = network or (-1, 0)
    return {"offline": False, "latency": latency, "downloadThroughput": speed, "uploadThroughput": speed}
