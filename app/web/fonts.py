"""Cuts Streamlit's two large fonts down to what the shop draws. Everything else still has the whole font.

The icons are ligatures of one font: the name of an icon, written in it, is drawn as the icon. A name that the font
lacks shows as a word, so the small font has every icon that the shop names, and those that Streamlit's front end draws
by itself. The text's font is split by `unicode-range`: a browser fetches the whole one when a page has another script.

This file needs fonttools and brotli, which only making the files needs; the store does not import it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from fontTools import subset
from fontTools.ttLib import TTFont
from streamlit.material_icon_names import ALL_MATERIAL_ICONS

from app.web.static_cache import StaticCache, marked

STYLE: Final = "css/index.*.css"
ICONS: Final = "media/MaterialSymbols-Rounded.*.woff2"
TEXT: Final = "media/SourceSansVF-Upright.*.woff2"

RANGES: Final = (
    (0x20, 0x7E),
    (0xA0, 0x17F),  # the languages of Europe that are written in Latin letters
    (0x2010, 0x2027),  # dashes, quotation marks, the ellipsis
    (0x202F, 0x203A),  # narrow space, per mille, primes, guillemets
    (0x20A0, 0x20C0),  # currencies; ₹ is U+20B9
    (0x2122, 0x2122),
    (0x2190, 0x2193),  # arrows
    (0x21BB, 0x21BB),
    (0x2212, 0x2212),  # minus
    (0x2713, 0x2717),  # ticks and crosses
)
"""The code points of the small text font, first and last of each range. Some of them no font of Streamlit has."""

_NAMED = re.compile(r":material/([a-z0-9_]+)")
_QUOTED = re.compile(r"[\"'`]([a-z0-9]+(?:_[a-z0-9]+)+)[\"'`]")


def make_fonts(cache: StaticCache, folder: Path) -> None:
    """Write the small fonts and the style sheet that names them into a folder, by the paths of the originals."""
    style, icons, text = (_only(cache.originals, pattern) for pattern in (STYLE, ICONS, TEXT))
    names = cache.icons | front_end_icons(cache.originals)
    for original in (style, icons, text):
        _place(cache, folder, original).parent.mkdir(exist_ok=True)
    cut_icons(icons, names, _place(cache, folder, icons))
    left = cut_text(text, _place(cache, folder, text))
    rules = with_small_fonts(style.read_text(encoding="utf-8"), icons.name, text.name, left, cache.mark)
    _place(cache, folder, style).write_text(rules, encoding="utf-8")


def front_end_icons(originals: Path) -> set[str]:
    """Return the icons that Streamlit's scripts name.

    Most are written `:material/expand_more:`. Tables paint some by their bare name, so every quoted name of two words
    counts as well: a few too many cost 100 bytes each.
    """
    found: set[str] = set()
    for path in originals.glob("js/*.js"):
        script = path.read_text(encoding="utf-8")
        found.update(_NAMED.findall(script), _QUOTED.findall(script))
    return found & set(ALL_MATERIAL_ICONS)


def cut_icons(original: Path, names: Iterable[str], target: Path) -> None:
    """Write a font with these icons.

    Raises:
        ValueError: an icon is not in the font.
    """
    options = _options("rlig")
    options.layout_closure = False  # the letters would bring every icon that can be spelled with them
    with subset.load_font(str(original), options) as font:
        icons = ligatures(font)
        names = set(names)
        if unknown := names - icons.keys():
            raise ValueError(f"no such icon: {', '.join(sorted(unknown))}")
        cutter = subset.Subsetter(options)
        cutter.populate(text="".join(names), glyphs=[icons[name] for name in names])
        cutter.subset(font)
        subset.save_font(font, str(target), options)


def cut_text(original: Path, target: Path) -> list[tuple[int, int]]:
    """Write a font with the characters of RANGES, in every weight. Return the ranges that only the whole one has."""
    options = _options()
    ours = {point for first, last in RANGES for point in range(first, last + 1)}
    with subset.load_font(str(original), options) as font:
        left = ranges_of(font.getBestCmap().keys() - ours)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=ours)
        cutter.subset(font)
        subset.save_font(font, str(target), options)
    return left


def with_small_fonts(style: str, icons: str, text: str, left: Iterable[tuple[int, int]], mark: str) -> str:
    """Return Streamlit's style sheet with the small fonts in it.

    A text that is drawn before its font is there keeps the font of the system (`optional`), so nothing moves. The whole
    font is named for what it has, so that no browser fetches it for a script that it lacks.

    Args:
        style: the style sheet.
        icons: name of the font of icons.
        text: name of the font of text.
        left: what only the whole font of text has.
        mark: what the names of the small ones carry.

    Raises:
        ValueError: it has not one rule for each of them, or they are written otherwise.
    """
    rule = _font_face(style, text)
    small = rule.replace(text, marked(text, mark)).replace(
        "{", f"{{font-display:optional;unicode-range:{unicode_range(RANGES)};", 1
    )
    whole = rule.replace("{", f"{{unicode-range:{unicode_range(left)};", 1)
    _font_face(style, icons)
    return style.replace(rule, whole + small).replace(icons, marked(icons, mark))


def unicode_range(ranges: Iterable[tuple[int, int]]) -> str:
    """Return ranges of code points as CSS writes them."""
    return ",".join(f"U+{first:X}-{last:X}" if first < last else f"U+{first:X}" for first, last in ranges)


def ranges_of(points: Iterable[int]) -> list[tuple[int, int]]:
    """Return code points as ranges, first and last of each."""
    ranges: list[tuple[int, int]] = []
    for point in sorted(points):
        if ranges and point == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], point)
        else:
            ranges.append((point, point))
    return ranges


def _font_face(style: str, font: str) -> str:
    (rule,) = re.findall(rf"@font-face\{{[^}}]*{re.escape(font)}[^}}]*\}}", style)
    return str(rule)


def _only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def _place(cache: StaticCache, folder: Path, original: Path) -> Path:
    return folder / original.parent.name / marked(original.name, cache.mark)


def _options(*features: str) -> subset.Options:
    options = subset.Options()
    options.flavor = "woff2"
    if features:
        options.layout_features = list(features)
    return options


def ligatures(font: TTFont) -> dict[str, str]:
    """Return the glyph of each icon by the icon's name. Capital letters have the glyphs of the small ones."""
    letters = {glyph: chr(point) for point, glyph in sorted(font.getBestCmap().items(), reverse=True)}
    letters.update({glyph: chr(point) for point, glyph in font.getBestCmap().items() if chr(point).islower()})
    return {
        "".join(letters[glyph] for glyph in (first, *ligature.Component)): ligature.LigGlyph
        for lookup in font["GSUB"].table.LookupList.Lookup
        for table in lookup.SubTable
        for first, ligatures in getattr(table, "ExtSubTable", table).ligatures.items()
        for ligature in ligatures
    }
