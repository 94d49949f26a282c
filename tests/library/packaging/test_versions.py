"""docs/streamlit-versions.md shows the releases of Streamlit that are pinned, and that all tests passed on them."""

from __future__ import annotations

import re
import tomllib

from testbed import ROOT
from testbed.versions import GROUPS, RELEASES

PAGE = (ROOT / "docs" / "streamlit-versions.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line.startswith("|")]
OLDEST, *LAST_SIX = RELEASES


def minor(release: str) -> int:
    return int(release.split(".")[1])


def test_the_table_shows_every_pinned_release_and_its_date() -> None:
    header, _, *rows = ROWS
    assert header == ["Streamlit", *GROUPS, "lacks"]
    assert tuple(row[0] for row in rows) == RELEASES
    assert re.search(r"^As of \d{4}-\d\d-\d\d, Python 3\.\d+", PAGE, re.MULTILINE)


def test_no_test_failed_on_any_of_them() -> None:
    for release, *results, _ in ROWS[2:]:
        for result in results:
            if release == OLDEST and result == "not kept":
                continue
            passed, run = re.findall(r"(\d+) of (\d+)", result)[0]
            assert passed == run != "0", f"{release}: {result}"


def test_six_minor_releases_in_a_row_end_with_the_locked_one() -> None:
    locked = re.search(r"^streamlit==(\S+)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)
    assert locked is not None
    assert LAST_SIX[-1] == locked[1]
    assert [minor(release) for release in LAST_SIX] == list(range(minor(locked[1]) - 5, minor(locked[1]) + 1))


def test_the_oldest_one_is_the_oldest_that_the_library_allows() -> None:
    project = tomllib.loads((ROOT / "storage" / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (allowed,) = [line for line in project["dependencies"] if line.startswith("streamlit")]
    assert allowed.startswith(f"streamlit>={OLDEST.removesuffix('.0')},")
