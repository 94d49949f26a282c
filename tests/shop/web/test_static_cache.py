"""Which prepared files are the right ones, and that they are made once."""

from __future__ import annotations

import fcntl
import sys
import threading
from pathlib import Path

import pytest

from app import static_command
from app.__main__ import main
from app.web import static_cache as module
from app.web.static_cache import APP, StaticCache, icons_in, marked, static_cache, streamlit_folder, unmarked


@pytest.fixture
def streamlit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a Streamlit of one script."""
    folder = tmp_path / "streamlit"
    folder.mkdir()
    (folder / "index.DormvYxC.js").write_text("let x = 1")
    monkeypatch.setattr(module, "streamlit_folder", lambda: folder)
    return folder


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a shop with one icon."""
    folder = tmp_path / "app"
    folder.mkdir()
    (folder / "cart.py").write_text('icon=":material/undo:"')
    monkeypatch.setattr(module, "APP", folder)
    return folder


def test_the_installed_streamlit_is_found_with_its_files() -> None:
    assert list(streamlit_folder().glob("js/index.*.js"))


def test_other_files_of_streamlit_are_other_folders_though_release_names_and_sizes_are_the_same(
    streamlit: Path, shop: Path, tmp_path: Path
) -> None:
    before = static_cache(tmp_path)
    (streamlit / "index.DormvYxC.js").write_text("let x = 2")
    after = static_cache(tmp_path)

    assert before.compressed != after.compressed
    assert before.fonts != after.fonts


def test_another_release_is_other_folders(
    streamlit: Path, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = static_cache(tmp_path)
    monkeypatch.setattr(module, "version", lambda _: "1.68.0")

    assert static_cache(tmp_path).compressed != before.compressed


def test_a_new_icon_needs_new_fonts_and_nothing_else(streamlit: Path, shop: Path, tmp_path: Path) -> None:
    before = static_cache(tmp_path)
    (shop / "product.py").write_text('icon=":material/zoom_in:"')
    after = static_cache(tmp_path)

    assert after.icons == {"undo", "zoom_in"}
    assert (before.compressed, before.fonts != after.fonts) == (after.compressed, True)
    assert before.mark != after.mark, "a browser may have kept the old font under the old name"


def test_every_icon_of_the_shop_is_written_out_so_that_it_is_found() -> None:
    written = sum(text.count(":material/") for text in (path.read_text() for path in APP.rglob("views/**/*.py")))
    named = sum(
        text.count(f":material/{name}:")
        for text in (path.read_text() for path in APP.rglob("views/**/*.py"))
        for name in icons_in(APP)
    )
    assert written == named > 0


def test_a_mark_comes_off_as_it_was_put_on() -> None:
    name = "SourceSansVF-Upright.ttf.BsWL4Kly.woff2"
    mark = StaticCache(Path(), Path(), Path("fonts-1.67.0-0123456789abcdef"), frozenset()).mark

    assert marked(name, mark) == "SourceSansVF-Upright.ttf.BsWL4Kly.k0123456789abcdef.woff2"
    assert unmarked(marked(name, mark)) == name
    assert unmarked(name) == name


def test_a_second_process_waits_for_the_first_one_and_nobody_makes_them_again(
    streamlit: Path, shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[bool] = []
    monkeypatch.setattr("app.web.fonts.make_fonts", lambda _cache, _folder: None)
    cache = static_cache(tmp_path / "cache")
    (tmp_path / "cache").mkdir()
    second = threading.Thread(target=lambda: made.append(static_command.prepare(cache)))
    with (tmp_path / "cache" / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second.start()
        second.join(0.2)
        assert second.is_alive(), "it says that all is there, and it is not"
        assert not cache.compressed.exists()
    second.join(5)

    assert made == [True]
    assert not static_command.prepare(cache)


def test_without_what_makes_the_files_the_command_says_so_and_what_is_made_stays_in_use(
    streamlit: Path,
    shop: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("app.web.fonts.make_fonts", lambda _cache, _folder: None)
    monkeypatch.setattr(static_command, "static_cache", lambda: static_cache(tmp_path / "cache"))
    for missing in ("app.web.fonts", "brotli"):
        with monkeypatch.context() as patch:
            patch.setitem(sys.modules, missing, None)
            assert main(["static"]) == 1
    assert "one is missing" in capsys.readouterr().err
    assert main(["static"]) == 0
    monkeypatch.setitem(sys.modules, "brotli", None)

    assert main(["static"]) == 0
    assert capsys.readouterr().out.endswith("nothing to do\n")


def test_where_nothing_can_be_written_the_command_says_so(
    streamlit: Path,
    shop: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setattr(static_command, "static_cache", lambda: static_cache(tmp_path / "file"))

    assert main(["static"]) == 1
    assert "the files cannot be written" in capsys.readouterr().err


def test_an_icon_that_does_not_exist_fails_the_build_and_is_named(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (shop / "product.py").write_text('icon=":material/zoom_inn:"')
    monkeypatch.setattr(static_command, "static_cache", lambda: static_cache(tmp_path / "cache"))

    assert main(["static"]) == 1
    assert "no such icon: zoom_inn" in capsys.readouterr().err
