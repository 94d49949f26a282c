from datetime import date
from pathlib import Path

import pytest

from app.domain.told import Whom
from app.settings import TABLES, Settings, SettingsError, load
from testbed import ROOT


@pytest.fixture
def config(tmp_path: Path) -> Path:
    return tmp_path / "config.toml"


def loaded(config: Path, text: str = "", **environment: str) -> Settings:
    config.write_text(text, encoding="utf-8")
    return load({"KEEPCART_CONFIG": str(config), **environment})


def test_the_settings_file_of_the_repository_holds_the_defaults(config: Path) -> None:
    shipped = load({})
    defaults = loaded(config)
    assert [getattr(shipped, table) for table in TABLES] == [getattr(defaults, table) for table in TABLES]


def test_a_setting_is_read_from_the_file(config: Path) -> None:
    assert loaded(config, "[cart]\nmax_quantity = 5\n").cart.max_quantity == 5


def test_the_environment_overrides_the_file(config: Path) -> None:
    settings = loaded(
        config, "[cart]\nmax_quantity = 5\n", KEEPCART_CART__MAX_QUANTITY="7", KEEPCART_STORE__NAME="Mine"
    )
    assert (settings.cart.max_quantity, settings.store.name) == (7, "Mine")


def test_relative_paths_are_relative_to_the_settings_file(config: Path) -> None:
    assert loaded(config, '[catalogue]\nfile = "mine.csv"\n').catalogue_file == config.parent / "mine.csv"


def test_an_absolute_path_stays_as_it_is(config: Path) -> None:
    assert loaded(config, '[catalogue]\nfile = "/srv/mine.csv"\n').catalogue_file == Path("/srv/mine.csv")


def test_a_missing_settings_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"nowhere\.toml: no such file; KEEPCART_CONFIG names the settings file"):
        load({"KEEPCART_CONFIG": str(tmp_path / "nowhere.toml")})


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[carts]\n", r"unknown table \[carts\]; the tables are store, catalogue, cart, storage"),
        ("[cart]\nmax_quantty = 5\n", r"unknown setting cart\.max_quantty; \[cart\] has max_quantity, max_lines"),
        ('[cart]\nmax_quantity = "5"\n', r"cart\.max_quantity: must be int, not '5'$"),
        ("[cart]\nmax_quantity = 0\n", r"cart\.max_quantity: must be int >= 1, not 0"),
        ("[cart]\nmax_lines = true\n", r"cart\.max_lines: must be int"),
        ("[storage]\nkeep_days = 401\n", r"storage\.keep_days: must be int <= 400, not 401"),
        (
            '[storage]\nsqlite_synchronous = "off"\n',
            r"storage\.sqlite_synchronous: must be 'NORMAL' or 'FULL', not 'off'$",
        ),
        ('[store]\ncurrency = "XQZ"\n', r"store\.currency 'XQZ' is not a code of ISO 4217"),
        ('[store]\nlocale = "xx_QQ"\n', r"store\.locale 'xx_QQ' is not a known locale"),
        ('[store]\nname = ""\n', r"store\.name: must be str of length >= 1"),
        ("cart = 3\n", r"cart must be a table, \[cart\]"),
        ("[cart\n", r"cannot be read as TOML"),
    ],
)
def test_a_wrong_setting_is_one_line_that_names_file_and_setting(config: Path, text: str, problem: str) -> None:
    with pytest.raises(SettingsError, match=problem) as error:
        loaded(config, text)
    assert str(error.value).startswith(str(config))
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("variable", "value", "problem"),
    [
        ("KEEPCART_CART__MAX_QUANTITY", "many", r"cart\.max_quantity: must be int, not 'many'$"),
        ("KEEPCART_CART__MAX_QUANTTY", "5", "there is no such setting"),
        ("KEEPCART_CART_MAX_QUANTITY", "5", "there is no such setting"),
        ("KEEPCART_CARTS__MAX_QUANTITY", "5", "there is no such setting"),
        ("KEEPCART_STORAGE__KEEP_DAYS", "", r"storage\.keep_days: must be int"),
    ],
)
def test_a_wrong_variable_is_named(config: Path, variable: str, value: str, problem: str) -> None:
    with pytest.raises(SettingsError, match=problem) as error:
        loaded(config, **{variable: value})
    assert str(error.value).startswith(variable)


@pytest.mark.parametrize(
    "url", ["redis://:hunter2@redis:6379/0", "redis+sentinel://watch:26379/shop?sentinel_password=hunter2"]
)
def test_a_password_in_the_settings_file_is_refused_and_not_repeated(config: Path, url: str) -> None:
    with pytest.raises(SettingsError, match="set KEEPCART_STORAGE__URL") as error:
        loaded(config, f'[storage]\nurl = "{url}"\n')
    assert "hunter2" not in str(error.value)


def test_mail_needs_somebody_who_sends_it(config: Path) -> None:
    url = "smtps://shop:hunter2@mail.example"
    with pytest.raises(
        SettingsError, match=r"^KEEPCART_MAIL__URL: mail.url needs mail.sender or contact.email"
    ) as error:
        loaded(config, KEEPCART_MAIL__URL=url)
    assert "hunter2" not in str(error.value)
    by_contact = loaded(config, '[contact]\nemail = "hello@shop.example"\n', KEEPCART_MAIL__URL=url)
    assert (by_contact.mail_sender, by_contact.mail_keeper) == ("hello@shop.example", "hello@shop.example")
    assert by_contact.tells == (Whom.SHOPPER, Whom.KEEPER)
    assert loaded(config, '[mail]\nsender = "a@shop.example"\n', KEEPCART_MAIL__URL=url).tells == (Whom.SHOPPER,)
    assert loaded(config).tells == ()


@pytest.mark.parametrize("key", ["sender", "keeper"])
def test_who_sends_and_who_is_told_are_addresses(config: Path, key: str) -> None:
    with pytest.raises(SettingsError, match=rf"mail\.{key}: must be an e-mail address such as hello@shop\.example"):
        loaded(config, f'[mail]\n{key} = "me"\n')


def test_the_mail_servers_password_does_not_belong_in_the_file(config: Path) -> None:
    with pytest.raises(SettingsError, match="set KEEPCART_MAIL__URL"):
        loaded(config, '[mail]\nurl = "smtps://shop:hunter2@mail.example"\n')


def test_a_password_from_the_environment_is_taken(config: Path) -> None:
    url = "redis://:hunter2@redis:6379/0"
    assert loaded(config, KEEPCART_STORAGE__URL=url).storage.url == url


@pytest.mark.parametrize(
    ("variable", "value", "problem"),
    [
        ("KEEPCART_WEB__FROM_HTTP_UNTIL", "soon", "must be a day such as 2026-12-31, not 'soon'"),
        ("KEEPCART_WEB__ORIGINS", "https://a.example, b.example", "such as https://shop.example, not 'b.example'"),
        ("KEEPCART_WEB__ORIGINS", "https://a.example/", "must be scheme and host"),
        ("KEEPCART_WEB__PUBLIC_URL", "shop.example", "must be an address such as https://shop.example or https"),
        ("KEEPCART_WEB__PUBLIC_URL", "https://shop.example/?a", "not 'https://shop.example/[?]a'"),
        ("KEEPCART_WEB__PUBLIC_URL", 'https://shop.example/"><script>', "must be an address"),
        ("KEEPCART_CONTACT__EMAIL", "hello", "must be an e-mail address such as hello@shop.example, not 'hello'"),
        ("KEEPCART_CONTACT__PHONE", "call us", "must be a telephone number such as [+]91 80 1234 5678"),
        ("KEEPCART_CONTACT__ADDRESS", "1 Quay\nDublin", "must be one line"),
    ],
)
def test_who_may_reach_the_store_is_checked_at_the_start(config: Path, variable: str, value: str, problem: str) -> None:
    with pytest.raises(SettingsError, match=problem) as error:
        loaded(config, **{variable: value})
    assert str(error.value).startswith(variable)


def test_origins_and_the_day_are_read(config: Path) -> None:
    settings = loaded(config, '[web]\norigins = "https://a.example, http://b.example:8080"\n')
    assert settings.origins == ["https://a.example", "http://b.example:8080"]
    assert loaded(config, KEEPCART_WEB__FROM_HTTP_UNTIL="2026-12-31").from_http_until == date(2026, 12, 31)
    assert loaded(config).from_http_until is None


def test_the_address_of_the_store_ends_without_a_slash_wherever_it_came_from(config: Path) -> None:
    assert loaded(config, KEEPCART_WEB__PUBLIC_URL="https://example.com/shop/").public_url == "https://example.com/shop"
    assert loaded(config, '[web]\npublic_url = "http://[::1]:8501"\n').public_url == "http://[::1]:8501"
    assert loaded(config).public_url == ""


def test_the_contact_is_read_and_its_number_can_be_called(config: Path) -> None:
    text = '[contact]\nemail = "a@b.example"\nphone = "+91 (80) 1234-5678"\naddress = "12 Church Street, Bengaluru"\n'
    contact = loaded(config, text).reached_at
    assert (contact.email, contact.address) == ("a@b.example", "12 Church Street, Bengaluru")
    assert contact.callable_phone == "+918012345678"


def test_the_settings_page_of_the_docs_says_what_the_code_does() -> None:
    documented = {}
    for row in (ROOT / "docs" / "settings.md").read_text(encoding="utf-8").splitlines():
        if row.startswith("| `"):
            setting, default, what, variable = (cell.strip() for cell in row.strip("|").split(" | "))
            documented[setting.strip("`")] = (default.strip('`"'), what, variable.strip("` "))
    declared = {}
    for name, table in TABLES.items():
        for key, annotation in table.__annotations__.items():
            del annotation
            default = getattr(table(), key)
            variable = f"KEEPCART_{name.upper()}__{key.upper()}"
            declared[f"{name}.{key}"] = (str(default), variable)
    assert {setting: (default, variable) for setting, (default, _, variable) in documented.items()} == declared
