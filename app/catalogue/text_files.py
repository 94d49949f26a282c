"""The shopkeeper's pages of text: Markdown files in a folder, each a page of the shop.

Who writes them is trusted less than code: they bring no HTML, no scripts and no addresses but safe ones. What is not
allowed is a fault, named by file and line, so that nothing disappears without a word.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.token import Token

from app.catalogue.picture_source import picture_problem
from app.domain.pages import LEGAL, RESERVED, TITLES
from app.domain.text import Text
from app.terminal import printable

LONGEST: Final = 100_000
"""Characters of a file."""

LONGEST_TITLE: Final = 80

SCHEMES: Final = ("https", "http", "mailto", "tel")
"""Of the addresses outside the shop that a link may have."""

SHOP_PAGE: Final = "./"
"""The shop page, as links name it that are right below a base path, too."""

LEGAL_FILES: Final = tuple(f"{name}.md" for name in LEGAL)
"""The names that legal texts have."""

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_PICTURES = "pictures/"

# Everything is recognised here, so that it can be named. What is drawn is parsed without HTML, by `_DRAWN`.
_CHECKED = MarkdownIt("commonmark", {"html": True}).enable("table")
_CHECKED.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005 - as its documentation says
_DRAWN = MarkdownIt("commonmark", {"html": False}).enable("table")


@dataclass(frozen=True, slots=True)
class TextFault:
    """One thing that is wrong with a file; line 0 means the whole file."""

    file: Path
    line: int
    problem: str

    def __str__(self) -> str:
        """Return file, line and problem in one line, which may go to a terminal."""
        return printable(f"{self.file}{f', line {self.line}' if self.line else ''}: {self.problem}")


class TextsError(Exception):
    """The pages of text cannot be used; `faults` lists everything that is wrong with them."""

    def __init__(self, faults: Sequence[TextFault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = faults


def text_files(folder: Path) -> list[Path]:
    """Return the files of the pages, by name. A folder that is not there has none."""
    return sorted(file for file in folder.glob("*.md") if not file.name.startswith("."))


def legal_files(folder: Path) -> list[Path]:
    """Return the files of the legal texts, in the order of `LEGAL`, and before them whatever else is in the folder.

    A folder that is not there has none. What is hidden, or the copy that an editor leaves, is none.
    """
    if not folder.is_dir():
        return []
    files = [file for file in sorted(folder.iterdir()) if not file.name.startswith(".") and not file.name.endswith("~")]
    return sorted(files, key=lambda file: LEGAL_FILES.index(file.name) if file.name in LEGAL_FILES else -1)


def read_texts(folder: Path, pictures: Path, legal: Path | None = None) -> Mapping[str, Text]:
    """Read every page of text, by name: those of the folder, then the legal ones.

    Args:
        folder: where the files are.
        pictures: the folder of the shop's pictures.
        legal: the folder of the legal texts, if there may be one. Its `privacy` is no page of its own.

    Raises:
        TextsError: with every fault of every file at once.
    """
    own, law = text_files(folder), legal_files(legal) if legal else []
    named = [(file, _name_problem(file.stem)) for file in own]
    named += [(file, _legal_problem(file, own)) for file in law]
    known = {*TITLES, *(file.stem for file, _ in named), SHOP_PAGE} - {""}  # "" would be the page with the link
    faults: list[TextFault] = []
    texts = {}
    for file, problem in named:
        try:
            text = _read(file, problem)
        except ValueError as fault:
            faults.append(TextFault(file, 0, str(fault)))
            continue
        tokens = _CHECKED.parse(text)
        found = [TextFault(file, line, problem) for line, problem in _problems(tokens, known, pictures)]
        faults += found
        if not found:
            texts[file.stem] = _drawn(file.stem, text)
    if faults:
        raise TextsError(faults)
    return texts


def _name_problem(name: str) -> str:
    """Return what is wrong with the name of a page; empty if nothing is."""
    if not _NAME.fullmatch(name):
        return "a name is at most 40 of a-z, 0-9 and '-', since it is the page's address"
    if name in TITLES or name in RESERVED:
        return f"the shop itself has /{name}: choose another name"
    return ""


def _legal_problem(file: Path, own: Sequence[Path]) -> str:
    """Return what is wrong with the name of a legal text; empty if nothing is."""
    if file.name not in LEGAL_FILES:
        return f"the legal texts are {', '.join(LEGAL_FILES)}; other pages belong beside the pages of text"
    twin = next((other for other in own if other.name == file.name), None)
    return f"{twin} is the same page: keep one of them" if twin else ""


def _read(file: Path, problem: str) -> str:
    """Return the text of a file; raise ValueError if it cannot be used, or if there is a problem with its name."""
    if problem:
        raise ValueError(problem)
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as reason:
        raise ValueError(f"cannot be read as text in UTF-8: {reason}") from None
    if len(text) > LONGEST:
        raise ValueError(f"{len(text):,} characters; at most {LONGEST:,} fit on a page")
    return text


def _problems(tokens: Sequence[Token], known: Collection[str], pictures: Path) -> Iterator[tuple[int, str]]:
    """Yield what is wrong, each with its line."""
    if len(tokens) < 2 or (tokens[0].type, tokens[0].tag) != ("heading_open", "h1"):
        yield 1, "does not begin with the page's title, a line such as '# Delivery'"
    elif not 0 < len(_words(tokens[1])) <= LONGEST_TITLE:
        yield 1, f"a title has 1 to {LONGEST_TITLE} characters"
    for line, token in _with_lines(tokens):
        problem = _problem(token, known, pictures)
        if problem:
            yield line, problem


def _with_lines(tokens: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    """Yield every token with its line. Those within a paragraph do not know theirs; the breaks before them tell."""
    for token in tokens:
        line = token.map[0] + 1 if token.map else 0
        yield line, token
        for child in token.children or ():
            yield line, child
            line += child.type in ("softbreak", "hardbreak")


def _problem(token: Token, known: Collection[str], pictures: Path) -> str:
    if token.type in ("html_block", "html_inline"):
        return f"{token.content.strip().splitlines()[0][:40]!r} is HTML; a page of text is Markdown alone"
    if token.type == "link_open":
        return _link_problem(str(token.attrs["href"]), known)
    if token.type == "image":
        source = unquote(str(token.attrs["src"]))
        if not _words(token):
            return f"{source!r} has no words for those who cannot see it: ![a blue vase]({source})"
        if "://" not in source and not source.startswith(_PICTURES):
            return f"{source!r} is neither an https address nor a file of the shop such as pictures/vase.jpg"
        return picture_problem(source.removeprefix(_PICTURES), pictures)
    return ""


def _link_problem(target: str, known: Collection[str]) -> str:
    try:
        parts = urlsplit(target)
    except ValueError:
        return f"{target!r} is no address"
    if parts.scheme:
        wanted = f"it may begin with {', '.join(SCHEMES)}, or be a page's name"
        return "" if parts.scheme in SCHEMES else f"a link to {target!r}: {wanted}"
    if parts.netloc or target.startswith("/"):
        wanted = f"write the name of a page, such as cart, {SHOP_PAGE} for the shop, or an address with https://"
        return f"a link to {target!r}: {wanted}"
    return "" if parts.path in known else f"a link to {target!r}: the shop has no page {unquote(parts.path)!r}"


def _drawn(name: str, text: str) -> Text:
    """Return a page whose file has no faults."""
    tokens = _DRAWN.parse(text)
    _, heading, _, *rest = tokens
    for _, token in _with_lines(rest):
        _finish(token)
    opened = next((place for place, token in enumerate(rest) if token.type == "paragraph_open"), None)
    summary = "" if opened is None else _words(rest[opened + 1])
    sources = [urlsplit(str(token.attrs["src"])) for _, token in _with_lines(rest) if token.type == "image"]
    hosts = frozenset(source.hostname for source in sources if source.hostname)
    return Text(name, _words(heading), _DRAWN.renderer.render(rest, _DRAWN.options, {}), summary, hosts)


def _finish(token: Token) -> None:
    """Let a link within the shop switch pages, a picture come when it is seen, and a cell have no style of its own."""
    if token.type == "link_open":
        target = urlsplit(str(token.attrs["href"]))
        token.attrSet(*(("rel", "noopener") if target.scheme else ("data-page", target.path)))
    elif token.type == "image":
        token.attrSet("loading", "lazy")
    elif "style" in token.attrs:
        token.attrs["class"] = str(token.attrs.pop("style")).rpartition(":")[2]  # text-align:right


def _words(token: Token) -> str:
    """Return the text within a token without marks."""
    pieces = (" " if child.type.endswith("break") else child.content for child in token.children or ())
    return " ".join("".join(pieces).split())
