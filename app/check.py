"""The operator's check of a deployment: settings, catalogue, storage, environment, prepared files."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from streamlit.config import get_config_options

from app.catalogue.products_file import CatalogueError, read_catalogue
from app.catalogue.text_files import TextsError, legal_files, read_texts
from app.mail.post import post_of
from app.mail.server import NotSent
from app.orders import ledger
from app.orders.database import Database
from app.orders.errors import OrdersAway
from app.process import StartError, most_stored, open_configured_storage, open_orders
from app.settings import Settings, SettingsError, load
from app.terminal import counted
from app.web.descriptors import available, connections_that_fit, pages_that_fit
from app.web.static_cache import static_cache
from keepcart.backends import Finding, inspect

SECRET = "STREAMLIT_SERVER_COOKIE_SECRET"  # noqa: S105 - its name
SECRET_LENGTH = 32
KEEP_SECONDS = 60
"""How long the records are kept that the check writes."""

ENOUGH_PAGES = 500
"""As many shoppers as one process can serve well."""


def check() -> list[Finding]:
    """Check everything that an operator can get wrong. What cannot be checked is a finding of its own."""
    return [*files_and_storage(), _cookie_secret(), _streamlit_options(), open_pages(), _static_files()]


def files_and_storage() -> list[Finding]:
    """Check the settings, and the files and servers that they name."""
    try:
        settings = load()
    except SettingsError as problem:
        skipped = [Finding(name, "skipped", "needs the settings") for name in ("catalogue", "texts", "storage")]
        return [Finding("settings", "failure", str(problem), "docs/settings.md lists every setting"), *skipped]
    days = counted(settings.storage.keep_days, "day")
    found = Finding("settings", "ok", f"relative paths start at {settings.folder}; carts are kept {days}")
    shop = [_bounds(settings), _catalogue(settings), _texts(settings)]
    return [found, *shop, *_storage(settings), *_orders(settings), _mail(settings)]


def _bounds(settings: Settings) -> Finding:
    waiting = settings.storage.max_waiting_megabytes
    found = f"a visitor stores at most {most_stored(settings):,} bytes; at most {waiting:,} MiB wait in a process"
    return Finding("bounds", "ok", found)


def _catalogue(settings: Settings) -> Finding:
    folder = settings.pictures_folder
    try:
        products = read_catalogue(settings.catalogue_file, folder, settings.money).products
    except CatalogueError as problem:
        return Finding("catalogue", "failure", str(problem), "docs/catalogue.md describes every column")
    number = counted(len(products), "product")
    names = {name for product in products for name in product.picture_files}
    unreadable = sorted(name for name in names if not is_readable(folder / name))
    if unreadable:
        found = f"{number}, but these pictures cannot be read: {', '.join(unreadable)}"
        return Finding("catalogue", "failure", found, f"give user {os.geteuid()} permission to read them")
    return Finding("catalogue", "ok", f"{number}, every picture is there")


def _texts(settings: Settings) -> Finding:
    try:
        texts = read_texts(settings.texts_folder, settings.pictures_folder, settings.legal_folder)
    except TextsError as problem:
        return Finding("texts", "failure", str(problem), "docs/texts.md says what a page of text may have")
    law = [file.stem for file in legal_files(settings.legal_folder)]
    own = [name for name in texts if name not in law]
    found = f"{counted(len(own), 'page')} of text: {', '.join(own) or 'none'}; legal texts: {', '.join(law) or 'none'}"
    return Finding("texts", "ok", found)


def is_readable(file: Path) -> bool:
    """Tell whether the user of this process may read a file."""
    try:
        file.open("rb").close()
    except OSError:
        return False
    return True


def _storage(settings: Settings) -> list[Finding]:
    try:
        storage = open_configured_storage(settings, keep_seconds=KEEP_SECONDS)
    except StartError as problem:
        return [Finding("storage", "failure", str(problem), "docs/storage.md describes the URLs")]
    try:
        return [_with_hint(finding) for finding in inspect(storage)]
    finally:
        storage.close()


def _orders(settings: Settings) -> list[Finding]:
    """Tell whether orders can be taken, and where the catalogue counts otherwise than their database."""
    if not settings.orders.enabled:
        return [Finding("orders", "ok", "the shop takes none")]
    try:
        database = open_orders(settings)
        told, left = ledger.told(database), ledger.levels(database)
    except StartError as problem:
        return [Finding("orders", "failure", str(problem), "docs/settings.md describes orders.url")]
    except OrdersAway as problem:
        return [Finding("orders", "failure", str(problem.__cause__ or problem), "see orders.url; docs/deployment.md")]
    found = [_orders_place(database, len(left))]
    with suppress(CatalogueError):
        products = read_catalogue(settings.catalogue_file, settings.pictures_folder, settings.money).products
        edited = [one.sku for one in products if one.sku in told and told[one.sku] != one.stock]
        if edited:
            advice = "if the new numbers are right, say: python -m app stock apply"
            found.append(Finding("stock", "warning", f"edited in the catalogue since: {', '.join(edited)}", advice))
    database.close()
    return found


def _orders_place(database: Database, ledgers: int) -> Finding:
    stock = f"stock of {counted(ledgers, 'product')} is counted there"
    if not database.is_embedded:
        return Finding("orders", "ok", f"PostgreSQL; {stock}")
    return Finding("orders", "ok", f"SQLite, for one machine (several replicas share a PostgreSQL); {stock}")


def _mail(settings: Settings) -> Finding:
    """Tell whether the mail server lets us in."""
    advice = "docs/mail.md describes mail.url; try it with: python -m app mail test ADDRESS"
    try:
        post = post_of(settings)
        if post is None:
            return Finding("mail", "ok", "none: mail.url is empty, or the shop takes no orders")
        found = f"{post.server.check()}; sent by {post.sender.addr_spec}, orders are told to {post.keeper or 'nobody'}"
    except ValueError as problem:
        return Finding("mail", "failure", f"mail.url: {problem}", advice)
    except NotSent as problem:
        return Finding("mail", "failure", str(problem), advice)
    return Finding("mail", "ok", found)


def _with_hint(finding: Finding) -> Finding:
    """Name the shop's setting and page beside the library's advice."""
    return replace(finding, advice=finding.advice and f"{finding.advice} (storage.url; docs/deployment.md)")


def _cookie_secret() -> Finding:
    secret, advice = os.environ.get(SECRET, ""), f"set {SECRET} to one random string for all replicas"
    if not secret:
        found = "not set: each process makes its own, so a page that reaches another replica is refused or starts anew"
        return Finding("cookie secret", "warning", found, advice)
    if len(secret) < SECRET_LENGTH:
        found = f"{counted(len(secret), 'character')}: short enough to be guessed"
        return Finding("cookie secret", "warning", found, advice)
    return Finding("cookie secret", "ok", "set")


def _streamlit_options() -> Finding:
    name = "streamlit options"
    try:
        # Making the app lets Streamlit find its options as it does in the server.
        from app.main import EXPECTED_OPTIONS, options_without_effect  # noqa: PLC0415
    except SystemExit:
        return Finding(name, "skipped", "the store does not start")
    wrong = options_without_effect()
    if wrong:
        found = ", ".join(f"{option} is {value!r}" for option, value in wrong.items())
        return Finding(name, "warning", found, "make sure that nothing overrides app/.streamlit/config.toml")
    known = get_config_options()
    variables = {known[option].env_var: str(wanted).lower() for option, wanted in EXPECTED_OPTIONS.items()}
    stray = [variable for variable, wanted in variables.items() if os.environ.get(variable, wanted).lower() != wanted]
    if stray:
        found = f"`streamlit run` would obey {', '.join(stray)}, uvicorn does not"
        return Finding(name, "warning", found, "unset it; app/.streamlit/config.toml has what the store needs")
    return Finding(name, "ok", "in effect")


def open_pages() -> Finding:
    """Tell the bounds that this process would have; both come from its limit of file descriptors."""
    descriptors = available()
    try:
        wanted = load().web.max_open_pages
    except SettingsError:
        return Finding("open pages", "skipped", "needs the settings")
    pages, connections = pages_that_fit(descriptors, wanted), connections_that_fit(descriptors)
    found = f"at most {pages:,}, and {connections:,} connections that wait; {descriptors:,} file descriptors"
    if pages < (wanted or ENOUGH_PAGES):
        return Finding("open pages", "warning", found, "raise the hard limit (ulimit -Hn)")
    return Finding("open pages", "ok", found)


def _static_files() -> Finding:
    """Tell whether Streamlit's files are prepared for this release of it, and for the icons that the shop draws now."""
    cache = static_cache()
    prepared = {"compressed scripts": cache.compressed.is_dir(), "small fonts": cache.fonts.is_dir()}
    if all(prepared.values()):
        return Finding("static files", "ok", f"prepared in {cache.compressed.parent}")
    missing = " and ".join(what for what, is_there in prepared.items() if not is_there)
    found = f"no {missing}: a first visit receives up to 3.1 MB instead of 0.7"
    advice = "run `python -m app static` as the owner of this Python environment (docs/deployment.md)"
    return Finding("static files", "warning", found, advice)
