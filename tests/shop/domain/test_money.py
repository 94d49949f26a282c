import pytest

from app.domain.money import LARGEST, Currency

RUPEES = Currency("INR", "en_IN")


@pytest.mark.parametrize(
    ("minor", "written"),
    [
        (2_534_900, "₹25,349"),
        (12_500_000, "₹1,25,000"),
        (34_950, "₹349.50"),
        (5, "₹0.05"),
        (0, "₹0"),
        (1_000_000_000, "₹1,00,00,000"),
    ],
)
def test_rupees_are_grouped_the_indian_way_and_have_no_empty_paise(minor: int, written: str) -> None:
    assert RUPEES.write(minor) == written


@pytest.mark.parametrize(
    ("currency", "locale", "minor", "written"),
    [
        ("EUR", "de_DE", 123_456, "1.234,56\xa0€"),
        ("EUR", "de_DE", 120_000, "1.200\xa0€"),
        ("USD", "en_US", 999_00, "$999"),
        ("JPY", "ja_JP", 1_200, "￥1,200"),
        ("KWD", "en_US", 1_250, "KWD1.250"),
    ],
)
def test_other_currencies_are_written_as_their_locale_does(
    currency: str, locale: str, minor: int, written: str
) -> None:
    assert Currency(currency, locale).write(minor) == written


@pytest.mark.parametrize(("text", "minor"), [("349", 34_900), ("349.5", 34_950), ("349.50", 34_950), ("0", 0)])
def test_a_price_is_read_as_minor_units(text: str, minor: int) -> None:
    assert RUPEES.read(text) == minor


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "is not a number"),
        ("₹349", "is not a number"),
        ("1,299", "is not a number"),
        ("NaN", "is not a number"),
        ("Infinity", "is not a number"),
        ("-1", "is negative"),
        ("3.999", "more than the 2 decimal digits of INR"),
        (str(LARGEST), "too large"),
        ("9" * 30, "too large"),
        ("1e9", "is not a number"),
        ("٣٤٩", "is not a number"),
    ],
)
def test_an_unreadable_price_says_what_is_wrong(text: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        RUPEES.read(text)


def test_an_unknown_currency_is_named() -> None:
    with pytest.raises(ValueError, match="currency 'XQZ' is not a code of ISO 4217"):
        Currency("XQZ", "en_IN")


def test_an_unknown_locale_is_named() -> None:
    with pytest.raises(ValueError, match="locale 'xx_QQ' is not a known locale"):
        Currency("INR", "xx_QQ")
