"""A page that is compressed piece by piece reads as it was written, and no visitor's part of it is remembered."""

from __future__ import annotations

import gzip

import pytest

from keepcart.middleware import compressed as module
from keepcart.middleware.compressed import LARGE, compressed

STYLE = b"".join(b".a%d { color: red }" % number for number in range(LARGE))
SCRIPT = b"".join(b"say('<b>%d</b>')\n" % number for number in range(LARGE))
CART = b"".join(b"<p>a visitor's line %d</p>" % number for number in range(LARGE))


@pytest.mark.parametrize(
    "page",
    [
        b"",
        b"<p>small</p>",
        b"<style>" + STYLE + b"</style><p>between</p><script nonce='n'>" + SCRIPT + b"</script>" + CART,
        b"<script>say('<style>')" + SCRIPT + b"</script><style>" + STYLE + b"</style>",
        b"<p>never closed<style>" + STYLE,
    ],
    ids=["empty", "small", "style, script and text", "a style's tag in a script", "no end"],
)
def test_it_reads_as_it_was_written(page: bytes) -> None:
    assert gzip.decompress(compressed(page)) == page


def test_styles_and_scripts_are_compressed_once_and_nothing_else_is_remembered() -> None:
    module._alone.cache_clear()
    for name in (b"Ann", b"Bob"):
        compressed(
            b"<p>" + name + b"</p><style>" + STYLE + b"</style>" + CART + name + b"<script>" + SCRIPT + b"</script>"
        )
    remembered = module._alone.cache_info()
    assert (remembered.currsize, remembered.hits) == (2, 2)


def test_it_is_hardly_larger_than_in_one_piece() -> None:
    page = CART + b"<style>" + STYLE + b"</style>" + CART + b"<script>" + SCRIPT + b"</script>"
    assert len(compressed(page)) < 1.05 * len(gzip.compress(page, 4))
