"""Words: how texts are divided into them, which of a question's count, and which the shopper may mean by one."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.domain.letters import letters

Alike: TypeAlias = list[tuple[int, float]]
"""Positions of words in a vocabulary, each with a quality from 0 to 1."""

WHOLE, BEGUN, MISTYPED = 1.0, 0.6, 0.4
"""The qualities of a word that is the shopper's, that begins with it, and that it may be with one mistake."""

_ENDINGS = (("", "s"), ("", "es"), ("y", "ies"), ("f", "ves"), ("fe", "ves"))
_IRREGULAR = (("mouse", "mice"), ("foot", "feet"), ("man", "men"), ("woman", "women"), ("child", "children"))

_KEYS = {
    letter: (row, column)
    for row, keys in enumerate(("qwertyuiop", "asdfghjkl", "zxcvbnm"))
    for column, letter in enumerate(keys)
}


def words(text: str) -> Iterator[str]:
    """Return the words of a text without case, accents and punctuation, as they are compared."""
    return (match.group() for match in re.finditer(r"\w+", "".join(letters(text)).casefold()))


SILENT: Final = frozenset(
    words(
        "a an and any are as at be by for from in is it my of on or s so some that the this to up with without your "
        "inch inches cm mm kg"
    )
)
"""English words, and units beside numbers, that tell no product from another. A lone "s" comes from an apostrophe."""


def telling(text: str) -> list[str]:
    """Return the words of a question that count, each once; if it has silent words only, these."""
    asked = list(dict.fromkeys(words(text)))
    return [word for word in asked if word not in SILENT] or asked


def other_numbers(word: str) -> set[str]:
    """Return what may be the plural or the singular of an English word. Not all of it exists."""
    return {
        word[: len(word) - len(ending)] + other
        for one, many in (*_ENDINGS, *_IRREGULAR)
        for ending, other in ((one, many), (many, one))
        if word.endswith(ending) and (len(word) >= len(ending) + 2 or word == ending)
    }


class Vocabulary:
    """The distinct words of a catalogue, sorted, and those among them that a shopper may mean.

    A word that is known, in the singular or the plural, or that begins a known one, counts as typed correctly. Any
    other word may have mistakes: one in words of 4 to 7 letters, two in longer ones. Two letters that changed places
    are one mistake. People rarely mistype the first letter, so it must be right, or in the second place: "table" is not
    "cable". Numbers are meant as they are: "27" is neither "24" nor the beginning of "2700", but that of "27w".
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._words = sorted(known)

    def __iter__(self) -> Iterator[str]:
        """Return the words in order of their positions."""
        return iter(self._words)

    def spelled(self, word: str) -> Alike:
        """Return the words that are this one or begin with it."""
        alike = {place: BEGUN for place in self._begun(word) if not _divides_number(word, self._words[place])}
        alike |= {place: WHOLE for form in (word, *other_numbers(word)) for place in self._places(form)}
        return list(alike.items())

    def mistyped(self, word: str) -> Alike:
        """Return the words that this one, or what is typed of it so far, may be with mistakes."""
        most = (len(word) >= 4) + (len(word) >= 8)
        if not most or any(letter.isdigit() for letter in word):
            return []
        swapped = self._begun(word[1] + word[0]) if word[0] != word[1] else ()
        known = {place: self._words[place] for place in (*self._begun(word[0]), *swapped)}
        begun = {place: text[: len(word)] for place, text in known.items()}
        return _within(word, known, most) or _within(word, begun, most)

    def _begun(self, beginning: str) -> range:
        first = bisect_left(self._words, beginning)
        return range(first, bisect_left(self._words, beginning + "\U0010ffff", first))

    def _places(self, word: str) -> range:
        place = bisect_left(self._words, word)
        return range(place, place + (self._words[place : place + 1] == [word]))


def _divides_number(word: str, known: str) -> bool:
    return word[-1].isdigit() and known[len(word) : len(word) + 1].isdigit()


def _within(word: str, known: Mapping[int, str], most: int) -> Alike:
    near: Any = process.extract(word, known, scorer=OSA.distance, score_cutoff=most, limit=None)
    return [(place, MISTYPED / mistakes) for text, mistakes, place in near if _is_likely(word, text)]


def _is_likely(word: str, meant: str) -> bool:
    """Return whether people make such a mistake.

    Nobody means a word that tells nothing. In a word of four letters, one that is far away on the keyboard makes
    another word: "oven" is not "over", but "lanp" is "lamp".
    """
    others = [pair for pair in zip(word, meant, strict=False) if pair[0] != pair[1]]
    is_another = len(word) == len(meant) == 4 and len(others) == 1 and not _are_neighbours(*others[0])
    return meant not in SILENT and not is_another


def _are_neighbours(letter: str, other: str) -> bool:
    here, there = _KEYS.get(letter), _KEYS.get(other)
    return here is None or there is None or max(abs(here[0] - there[0]), abs(here[1] - there[1])) == 1
