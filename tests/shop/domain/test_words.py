"""Which words count, and which one a shopper may mean by another."""

import pytest

from app.domain.words import Vocabulary, other_numbers, telling, words

KNOWN = (
    "mouse cable keyboard desk desks office chair over lamp clamp led 24 2700k 27w 1920 chairs rockers accessory for"
)
VOCABULARY = Vocabulary(KNOWN.split())
SORTED = list(VOCABULARY)


@pytest.mark.parametrize(
    ("text", "counting"),
    [
        ("chairs for office", ["chairs", "office"]),
        ("27 inch monitor", ["27", "monitor"]),
        ("a desk with the lamp and a lamp", ["desk", "lamp"]),
        ("Children's desk", ["children", "desk"]),
        ("the", ["the"]),
        ("for a", ["for", "a"]),
        ("?!", []),
    ],
)
def test_words_of_no_weight_count_only_if_there_are_no_others(text: str, counting: list[str]) -> None:
    assert telling(text) == counting


def test_words_are_compared_without_case_accents_and_punctuation() -> None:
    assert list(words("Café-Tisch, 27″ (Größe M)")) == ["cafe", "tisch", "27", "grosse", "m"]


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("chair", "chairs"),
        ("box", "boxes"),
        ("accessory", "accessories"),
        ("shelf", "shelves"),
        ("knife", "knives"),
        ("lens", "lenses"),
        ("mouse", "mice"),
        ("pc", "pcs"),
    ],
)
def test_singular_and_plural_lead_to_each_other(one: str, many: str) -> None:
    assert many in other_numbers(one)
    assert one in other_numbers(many)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("desk", {"desk": 1.0, "desks": 1.0}),
        ("chairs", {"chair": 1.0, "chairs": 1.0}),
        ("off", {"office": 0.6}),
        ("27", {"27w": 0.6}),
        ("192", {}),
        ("table", {}),
    ],
)
def test_what_is_spelled_like_a_word(word: str, meant: dict[str, float]) -> None:
    assert {SORTED[place]: quality for place, quality in VOCABULARY.spelled(word)} == meant


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("mose", {"mouse"}),
        ("muose", {"mouse"}),
        ("omuse", {"mouse"}),
        ("keybord", {"keyboard"}),
        ("keybaord", {"keyboard"}),
        ("ekyboard", {"keyboard"}),
        ("kyebo", {"keyboard"}),
        ("deks", {"desk", "desks"}),
        ("lanp", {"lamp"}),
        ("table", set()),
        ("nouse", set()),
        ("jeyboard", set()),
        ("oven", set()),
        ("rack", set()),
        ("fork", set()),
        ("lde", set()),
        ("1921", set()),
        ("2800k", set()),
    ],
)
def test_only_a_likely_mistake_is_forgiven(word: str, meant: set[str]) -> None:
    assert {SORTED[place] for place, _ in VOCABULARY.mistyped(word)} == meant


def test_fewer_mistakes_fit_better() -> None:
    vocabulary = Vocabulary(["keyboard", "keyboarding"])
    assert dict(vocabulary.mistyped("keybbard")) == {0: 0.4}
    assert dict(vocabulary.mistyped("keybbrd")) == {}
    assert dict(vocabulary.mistyped("keybords")) == {0: 0.2}
