"""The store's settings: config.toml, overridden by the environment, validated once, then frozen.

`docs/settings.md` describes every setting; a test compares its names and defaults with the classes below.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import Path
from typing import Annotated, Any, Final, Literal, TypeVar, get_args, get_type_hints
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from app.domain import terms_in_words
from app.domain.cart import Limits
from app.domain.contact import Contact
from app.domain.money import Currency
from app.domain.pay_to import read_pay_to
from app.domain.terms import BY_TRANSFER, ON_DELIVERY, ONLINE, Payment, Taxes, Terms
from app.domain.told import Whom

T = TypeVar("T")

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT_PREFIX = "KEEPCART_"
CONFIG_VARIABLE = "KEEPCART_CONFIG"


class SettingsError(Exception):
    """A setting is unknown or wrong. The message is one line: where the setting is, its name, and what to do."""


class Store(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the shop is called, and its money."""

    name: Annotated[
        str, Meta(min_length=1, max_length=60, description="The shop's name, in the header and the tab.")
    ] = "Keepcart"
    welcome: Annotated[str, Meta(max_length=120, description="The line above the products.")] = (
        "Furnish your home office"
    )
    texts: Annotated[str, Meta(min_length=1, description="The folder of the pages of text, Markdown files.")] = "texts"
    legal: Annotated[str, Meta(min_length=1, description="The folder of the legal texts, Markdown files.")] = "legal"
    currency: Annotated[str, Meta(description="The currency of all prices, ISO 4217.")] = "INR"
    locale: Annotated[str, Meta(description="How amounts are written, a CLDR locale.")] = "en_IN"


class CatalogueFiles(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the shopkeeper's files are."""

    file: Annotated[str, Meta(min_length=1, description="The products, a CSV file.")] = "catalogue/products.csv"
    pictures: Annotated[str, Meta(min_length=1, description="The folder of their pictures.")] = "catalogue/pictures"


class CartLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much a cart may hold."""

    max_quantity: Annotated[int, Meta(ge=1, le=100_000, description="The most pieces of one product in a cart.")] = 99
    max_lines: Annotated[int, Meta(ge=1, le=1_000, description="The most different products in a cart.")] = 100


class Keeping(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where carts are kept, and how long."""

    url: Annotated[str, Meta(description="The storage URL; one with a password only from the environment.")] = (
        "sqlite:///data/keepcart.db"
    )
    keep_days: Annotated[
        int, Meta(ge=1, le=400, description="Days that a cart and its cookie are kept after the last visit or change.")
    ] = 30
    max_waiting_visitors: Annotated[
        int, Meta(ge=0, le=1_000_000, description="Visitors whose changes may wait in a process while storage is away.")
    ] = 10_000
    max_waiting_changes: Annotated[int, Meta(ge=1, le=10_000, description="Changes that may wait for one visitor.")] = (
        100
    )
    max_waiting_megabytes: Annotated[
        int, Meta(ge=0, le=100_000, description="MiB of documents and changes that may wait while storage is away.")
    ] = 32
    sqlite_synchronous: Annotated[
        Literal["NORMAL", "FULL"],
        Meta(description="`FULL` also survives a power cut, but each change waits for the disk."),
    ] = "NORMAL"


class Web(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who may reach the store, and how."""

    public_url: Annotated[
        str, Meta(description="The store's own address, as everybody knows it, such as https://shop.example.")
    ] = ""
    origins: Annotated[
        str, Meta(description="Origins of other sites whose pages may use the store, separated by commas.")
    ] = ""
    from_http_until: Annotated[
        str, Meta(description="Over https, carts from before https are taken over up to this day, such as 2026-12-31.")
    ] = ""
    max_open_pages: Annotated[
        int, Meta(ge=0, le=100_000, description="Pages that one process keeps open; 0 for what its limits allow.")
    ] = 0


class Contacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the shop is reached; the foot of every page says it, and search engines are told."""

    email: Annotated[str, Meta(max_length=254, description="An e-mail address.")] = ""
    phone: Annotated[str, Meta(max_length=40, description="A telephone number.")] = ""
    address: Annotated[str, Meta(max_length=200, description="Where the shop is, in one line.")] = ""


SCAN: Final = "Once you have ordered, scan the QR code with your banking app, or use the data beside it."
"""What paying by transfer is like where the shop says nothing else."""


class Orders(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the shop takes orders, where they are kept, and on which terms (docs/orders.md)."""

    enabled: Annotated[bool, Meta(description="The shop takes orders; otherwise it has carts only.")] = True
    url: Annotated[str, Meta(description="The orders' database; one with a password only from the environment.")] = (
        "sqlite:///data/orders.db"
    )
    countries: Annotated[str, Meta(description="Where the shop delivers to, codes of ISO 3166.")] = "IN"
    delivery: Annotated[str, Meta(description="The ways of delivery, with their costs.")] = (
        "Standard, 3 to 5 working days: 199, free from 5000; Express, next working day: 499"
    )
    on_delivery: Annotated[
        str, Meta(max_length=300, description="What paying on delivery is like; empty: no such way.")
    ] = "Pay in cash or by card when it arrives."
    by_transfer: Annotated[
        str, Meta(max_length=300, description="Where to transfer the money to; empty: no such way.")
    ] = ""
    provider: Annotated[str, Meta(max_length=200, description="The payment provider, as module:name; empty: none.")] = (
        ""
    )
    by_provider: Annotated[str, Meta(max_length=300, description="What paying through the provider is like.")] = (
        "By card or wallet, on the page of our payment provider."
    )
    pay_to: Annotated[
        str, Meta(max_length=300, description="The account of transfers, for QR codes: UPI in INR, an IBAN in EUR.")
    ] = ""
    tax_name: Annotated[
        str, Meta(max_length=20, description="What the tax is called; empty: nothing is said of tax.")
    ] = "GST"
    tax_rate: Annotated[float, Meta(ge=0, le=100, description="The rate of tax in percent.")] = 18.0
    tax_rates: Annotated[str, Meta(description="Other rates by category.")] = ""
    tax_included: Annotated[bool, Meta(description="Prices and delivery have the tax in them.")] = True
    keep_days: Annotated[
        int, Meta(ge=1, le=36_500, description="Days after which names and addresses of an order are cleared.")
    ] = 3_650
    unpaid_days: Annotated[
        int, Meta(ge=1, le=3_650, description="Days after which a transfer that has not come cancels the order.")
    ] = 14
    withdrawal_days: Annotated[
        int, Meta(ge=0, le=3_650, description="Days in which buyers may withdraw; 0: no page for it.")
    ] = 14


class Mail(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whether orders are told by mail, and through which server (docs/mail.md)."""

    url: Annotated[
        str, Meta(description="The mail server; empty: no mail. One with a password only from the environment.")
    ] = ""
    sender: Annotated[str, Meta(max_length=254, description="Who sends; empty: contact.email.")] = ""
    keeper: Annotated[str, Meta(max_length=254, description="Who is told of new orders; empty: contact.email.")] = ""


class Keeper(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who may use the shopkeeper's app from elsewhere (docs/keeper.md)."""

    allow: Annotated[
        str, Meta(description="Who may log in to the shopkeeper's app: e-mail addresses, separated by commas.")
    ] = ""


@lru_cache(maxsize=1)
def _terms(orders: Orders, money: Currency, shop: str) -> Terms:
    """Read the terms. Each error begins with the name of its setting."""

    def read(setting: str, how: Callable[[str], T]) -> T:
        try:
            return how(getattr(orders, setting))
        except ValueError as problem:
            raise ValueError(f"{setting}: {problem}") from None

    pay_to = read("pay_to", partial(read_pay_to, currency=money.code, holder=shop)) if orders.pay_to else None
    by_transfer = orders.by_transfer.strip() or (SCAN if pay_to else "")
    payments = [
        Payment(name, title, says)
        for name, title, says in (
            (ON_DELIVERY, "On delivery", orders.on_delivery),
            (BY_TRANSFER, "By UPI" if pay_to and pay_to.is_upi else "By bank transfer", by_transfer),
            (ONLINE, "Online", orders.by_provider if orders.provider else ""),
        )
        if says.strip()
    ]
    if not payments:
        raise ValueError("on_delivery: no way of paying is left; fill in orders.on_delivery or orders.by_transfer")
    rates = read("tax_rates", terms_in_words.rates)
    return Terms(
        read("delivery", partial(terms_in_words.deliveries, amount=money.read)),
        payments,
        Taxes(orders.tax_name, Decimal(str(orders.tax_rate)), rates, orders.tax_included),
        read("countries", terms_in_words.countries),
        orders.keep_days,
        orders.unpaid_days,
        pay_to,
        orders.withdrawal_days,
    )


_currency = lru_cache(maxsize=8)(Currency)  # every run asks, and its checks take 25 microseconds


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All settings. Each attribute but the last is a table of config.toml."""

    store: Store = Store()
    catalogue: CatalogueFiles = CatalogueFiles()
    cart: CartLimits = CartLimits()
    storage: Keeping = Keeping()
    web: Web = Web()
    contact: Contacts = Contacts()
    orders: Orders = Orders()
    mail: Mail = Mail()
    keeper: Keeper = Keeper()
    folder: Path = ROOT
    """The folder of the config file, at which relative paths start."""

    @property
    def money(self) -> Currency:
        """The shop's currency."""
        return _currency(self.store.currency, self.store.locale)

    def money_of(self, code: str) -> Currency:
        """Return how amounts of a currency are written, which may not be that of the shop any more."""
        return _currency(code, self.store.locale)

    @property
    def limits(self) -> Limits:
        """How much a cart may hold."""
        return Limits(self.cart.max_quantity, self.cart.max_lines)

    @property
    def catalogue_file(self) -> Path:
        """The file of the products."""
        return self.folder / self.catalogue.file

    @property
    def pictures_folder(self) -> Path:
        """The folder of their pictures."""
        return self.folder / self.catalogue.pictures

    @property
    def texts_folder(self) -> Path:
        """The folder of the pages of text."""
        return self.folder / self.store.texts

    @property
    def legal_folder(self) -> Path:
        """The folder of the legal texts."""
        return self.folder / self.store.legal

    @property
    def keep_seconds(self) -> int:
        """How long documents and the cookie are kept after the last visit or change, in seconds."""
        return self.storage.keep_days * 86_400

    @property
    def origins(self) -> Sequence[str]:
        """The origins of other sites whose pages may use the store."""
        return [origin.strip() for origin in self.web.origins.split(",") if origin.strip()]

    @property
    def reached_at(self) -> Contact:
        """How the shop is reached."""
        return Contact(self.contact.email, self.contact.phone, self.contact.address)

    @property
    def terms(self) -> Terms | None:
        """On which terms the shop takes orders; None where it takes none."""
        return _terms(self.orders, self.money, self.store.name) if self.orders.enabled else None

    @property
    def tells(self) -> tuple[Whom, ...]:
        """Who gets mails about orders."""
        if not self.mail.url:
            return ()
        return (Whom.SHOPPER, Whom.KEEPER) if self.mail_keeper else (Whom.SHOPPER,)

    @property
    def mail_sender(self) -> str:
        """The address that sends mails."""
        return self.mail.sender or self.contact.email

    @property
    def mail_keeper(self) -> str:
        """The address of the shopkeeper; empty where nobody is told."""
        return self.mail.keeper or self.contact.email

    @property
    def keepers(self) -> frozenset[str]:
        """The e-mail addresses of those who may log in to the shopkeeper's app, in small letters."""
        return frozenset(address.strip().lower() for address in self.keeper.allow.split(",") if address.strip())

    @property
    def public_url(self) -> str:
        """The store's own address without a slash at the end; empty if it is not known."""
        return self.web.public_url.rstrip("/")

    @property
    def from_http_until(self) -> date | None:
        """The last day on which a cart from before https is taken over; None where none is."""
        return date.fromisoformat(self.web.from_http_until) if self.web.from_http_until else None


TABLES: Mapping[str, type[msgspec.Struct]] = {
    "store": Store,
    "catalogue": CatalogueFiles,
    "cart": CartLimits,
    "storage": Keeping,
    "web": Web,
    "contact": Contacts,
    "orders": Orders,
    "mail": Mail,
    "keeper": Keeper,
}


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises:
        SettingsError: for the first setting that is unknown or wrong.
    """
    file = Path(environment.get(CONFIG_VARIABLE) or ROOT / "config.toml").resolve()
    tables = _read_file(file)
    sources = {f"{table}.{key}": str(file) for table, keys in tables.items() for key in keys}
    _refuse_secret(tables, file)
    for variable, (table, key) in _overrides(environment).items():
        tables.setdefault(table, {})[key] = environment[variable]
        sources[f"{table}.{key}"] = variable
    loaded = {name: _convert(name, tables.get(name, {}), sources) for name in TABLES}
    settings = Settings(**loaded, folder=file.parent)
    _check_money(settings, sources)
    _check_web(settings, sources)
    _check_contact(settings, sources)
    _check_orders(settings, sources)
    _check_provider(settings, sources)
    _check_mail(settings, sources)
    _check_keeper(settings, sources)
    return settings


def _read_file(file: Path) -> dict[str, dict[str, Any]]:
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SettingsError(f"{file}: no such file; {CONFIG_VARIABLE} names the settings file") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"{file}: cannot be read as TOML: {error}") from None
    for name, table in tables.items():
        if name not in TABLES:
            raise SettingsError(f"{file}: unknown table [{name}]; the tables are {_listed(TABLES)}")
        if not isinstance(table, dict):
            raise SettingsError(f"{file}: {name} must be a table, [{name}]")
    return tables


def _overrides(environment: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """Return (table, key) for every variable KEEPCART_<TABLE>__<KEY>."""
    found = {}
    for variable in sorted(environment):
        name = variable.removeprefix(ENVIRONMENT_PREFIX).lower()
        if name == variable.lower() or (name.split("_")[0] not in TABLES and "__" not in name):
            continue
        table, _, key = name.partition("__")
        if table not in TABLES or key not in TABLES[table].__struct_fields__:
            raise SettingsError(
                f"{variable}: there is no such setting; docs/settings.md lists every KEEPCART_<TABLE>__<KEY>"
            )
        found[variable] = (table, key)
    return found


def _convert(name: str, values: Mapping[str, Any], sources: Mapping[str, str]) -> Any:
    table = TABLES[name]
    for key, value in values.items():
        setting, source = f"{name}.{key}", sources[f"{name}.{key}"]
        if key not in table.__struct_fields__:
            raise SettingsError(f"{source}: unknown setting {setting}; [{name}] has {_listed(table.__struct_fields__)}")
        try:
            msgspec.convert({key: value}, table, strict=not source.startswith(ENVIRONMENT_PREFIX))
        except msgspec.ValidationError as error:
            shown = f", not {value!r}" if not setting.endswith(".url") else ""  # it may hold a password
            raise SettingsError(f"{source}: {setting}: {_wanted(error, table, key)}{shown}") from None
    return msgspec.convert(values, table, strict=False)


def _wanted(error: msgspec.ValidationError, table: type[msgspec.Struct], key: str) -> str:
    """Return what a setting must be: `must be int >= 1`."""
    choices = get_args(get_type_hints(table)[key])
    if choices:
        return f"must be {' or '.join(map(repr, choices))}"
    words = str(error).split(" - at ")[0].replace("`", "").replace("Expected", "must be", 1)
    return re.sub(r", got \w+$", "", words)


def _refuse_secret(tables: Mapping[str, Mapping[str, Any]], file: Path) -> None:
    for table in ("storage", "orders", "mail"):
        url = tables.get(table, {}).get("url")
        if isinstance(url, str) and ("@" in url or "password" in urlsplit(url).query):
            variable = f"{ENVIRONMENT_PREFIX}{table.upper()}__URL"
            raise SettingsError(
                f"{file}: {table}.url contains a password, which does not belong in a file: set {variable}"
            )


def _check_money(settings: Settings, sources: Mapping[str, str]) -> None:
    try:
        settings.money  # noqa: B018 - constructing it is the check
    except ValueError as error:
        setting = "store." + str(error).split(" ", 1)[0]
        raise SettingsError(f"{sources.get(setting, 'defaults')}: store.{error}") from None


def _check_web(settings: Settings, sources: Mapping[str, str]) -> None:
    try:
        settings.from_http_until  # noqa: B018 - reading it is the check
    except ValueError:
        source, found = sources.get("web.from_http_until", "defaults"), settings.web.from_http_until
        raise SettingsError(f"{source}: web.from_http_until: must be a day such as 2026-12-31, not {found!r}") from None
    if settings.public_url and not re.fullmatch(r"https?://[\w.:\[\]-]+(/[\w.~-]+)*", settings.public_url, re.ASCII):
        source, found = sources.get("web.public_url", "defaults"), settings.web.public_url
        raise SettingsError(
            f"{source}: web.public_url: must be an address such as https://shop.example or https://example.com/shop, "
            f"not {found!r}"
        )
    for origin in settings.origins:
        if not re.fullmatch(r"https?://[\w.:\[\]-]+", origin):
            source = sources.get("web.origins", "defaults")
            raise SettingsError(
                f"{source}: web.origins: must be scheme and host, such as https://shop.example, not {origin!r}"
            )


_CONTACT: Mapping[str, tuple[str, str]] = {
    "email": (r"[^\s@<>,]+@[^\s@<>,]+\.[^\s@<>,]+", "must be an e-mail address such as hello@shop.example"),
    "phone": (r"\+?[0-9][0-9 ()./-]+", "must be a telephone number such as +91 80 1234 5678"),
    "address": (r"[^\x00-\x1f\x7f]+", "must be one line"),
}
"""What each way to reach the shop looks like, and how it is asked for."""


def _check_contact(settings: Settings, sources: Mapping[str, str]) -> None:
    for key, (form, wanted) in _CONTACT.items():
        found = getattr(settings.contact, key)
        if found and not re.fullmatch(form, found):
            source = sources.get(f"contact.{key}", "defaults")
            raise SettingsError(f"{source}: contact.{key}: {wanted}, not {found!r}")


def _check_orders(settings: Settings, sources: Mapping[str, str]) -> None:
    try:
        settings.terms  # noqa: B018 - reading them is the check
    except ValueError as problem:
        setting = "orders." + str(problem).split(":", 1)[0]
        raise SettingsError(f"{sources.get(setting, 'defaults')}: orders.{problem}") from None


def _check_provider(settings: Settings, sources: Mapping[str, str]) -> None:
    source = sources.get("orders.provider", "defaults")
    if settings.orders.provider and not settings.orders.by_provider.strip():
        raise SettingsError(f"{source}: orders.by_provider must say what paying through the provider is like")
    if settings.orders.provider and not settings.public_url:
        raise SettingsError(f"{source}: orders.provider needs web.public_url: to it the provider sends shoppers back")


def _check_mail(settings: Settings, sources: Mapping[str, str]) -> None:
    form, wanted = _CONTACT["email"]
    for key in ("sender", "keeper"):
        found = getattr(settings.mail, key)
        if found and not re.fullmatch(form, found):
            raise SettingsError(f"{sources.get(f'mail.{key}', 'defaults')}: mail.{key}: {wanted}, not {found!r}")
    if settings.mail.url and not settings.mail_sender:
        raise SettingsError(f"{sources['mail.url']}: mail.url needs mail.sender or contact.email: who sends the mails")


def _check_keeper(settings: Settings, sources: Mapping[str, str]) -> None:
    form, wanted = _CONTACT["email"]
    for address in sorted(settings.keepers):
        if not re.fullmatch(form, address):
            raise SettingsError(
                f"{sources.get('keeper.allow', 'defaults')}: keeper.allow: each {wanted}, not {address!r}"
            )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
