"""The small fonts: what is in them, and that everything else has the whole ones."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from app.web.fonts import RANGES, cut_icons, front_end_icons, ligatures, make_fonts
from app.web.static_cache import StaticCache, static_cache
from testbed import ROOT


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> StaticCache:
    return static_cache(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="module")
def folder(cache: StaticCache, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("fonts")
    make_fonts(cache, made)
    return made


def font(folder: Path, pattern: str) -> TTFont:
    """Return a font that is read from memory, so that no file stays open."""
    (path,) = folder.glob(pattern)
    return TTFont(BytesIO(path.read_bytes()))


def test_the_small_font_has_the_icons_of_the_shop_and_of_the_front_end(cache: StaticCache, folder: Path) -> None:
    icons = ligatures(font(folder, "media/MaterialSymbols*"))

    assert cache.icons | front_end_icons(cache.originals) <= icons.keys()
    assert {"undo", "expand_more", "more_vert", "open_in_new"} <= icons.keys()
    assert len(icons) < 200, "of 4,300"


def test_an_icon_that_does_not_exist_is_a_mistake_that_is_named(cache: StaticCache, tmp_path: Path) -> None:
    (original,) = cache.originals.glob("media/MaterialSymbols*")

    with pytest.raises(ValueError, match="no such icon: unod"):
        cut_icons(original, {"unod", "undo"}, tmp_path / "icons.woff2")


def test_everything_that_the_shop_says_and_its_catalogue_is_in_the_small_font(cache: StaticCache, folder: Path) -> None:
    covered = set(font(folder, "media/SourceSans*").getBestCmap())
    texts = [*(ROOT / "app" / "views").rglob("*.py"), ROOT / "catalogue" / "products.csv"]
    said = {ord(letter) for path in texts for letter in path.read_text(encoding="utf-8") if letter != "\n"}
    whole = set(font(cache.originals, "media/SourceSansVF-Upright*").getBestCmap())

    assert ord("₹") in covered
    assert (said & whole) - covered == set(), "for these a browser would fetch the whole font"


def test_the_small_font_has_every_weight_and_measures_as_the_whole_one(cache: StaticCache, folder: Path) -> None:
    small, whole = font(folder, "media/SourceSans*"), font(cache.originals, "media/SourceSansVF-Upright*")

    assert [(a.axisTag, a.minValue, a.maxValue) for a in small["fvar"].axes] == [("wght", 200, 900)]
    for name in ("ascent", "descent", "lineGap"):
        assert getattr(small["hhea"], name) == getattr(whole["hhea"], name)
    for letter in "aM0₹":
        widths = {face["hmtx"][face.getBestCmap()[ord(letter)]][0] for face in (small, whole)}
        assert len(widths) == 1


def test_each_character_of_the_whole_font_belongs_to_one_of_the_two_faces(cache: StaticCache, folder: Path) -> None:
    (style,) = (folder / "css").glob("*.css")
    faces = re.findall(r"unicode-range:([^;}]*)[^}]*SourceSansVF-Upright[^}]*}", style.read_text())
    whole = set(font(cache.originals, "media/SourceSansVF-Upright*").getBestCmap())

    named, small = (points(face) for face in faces)

    assert small == {point for first, last in RANGES for point in range(first, last + 1)}
    assert named == whole - small
    assert {ord("Ж"), ord("λ")} <= named
    assert not {ord("ड"), ord("本"), 0x1F600} & named, "nobody fetches a font for what it lacks"


def points(ranges: str) -> set[int]:
    """Return the code points of a `unicode-range`."""
    ends = [[int(end, 16) for end in part.removeprefix("U+").split("-")] for part in ranges.split(",")]
    return {point for pair in ends for point in range(pair[0], pair[-1] + 1)}


def test_the_style_sheet_names_fonts_that_are_there(cache: StaticCache, folder: Path) -> None:
    (style,) = (folder / "css").glob("*.css")
    text = style.read_text()

    for path in (folder / "media").iterdir():
        assert text.count(f"url(../media/{path.name})") == 1
    assert cache.mark in style.name
    assert text.count("SourceSansVF-Upright.ttf.") == 2, "the whole one for everything else"
    assert text.count("MaterialSymbols-Rounded.") == 1
