"""How many pages and connections fit into a process."""

import pytest

from app.web.descriptors import PER_CONNECTION, SET_ASIDE, available, connections_that_fit, pages_that_fit

OF_A_PAGE = 4


@pytest.mark.parametrize("descriptors", [600, 1_024, 4_096, 20_000, 65_536])
def test_pages_with_their_reserve_and_connections_fit_together(descriptors: int) -> None:
    pages, connections = pages_that_fit(descriptors), connections_that_fit(descriptors)
    needed = (pages + max(4, pages // 10)) * OF_A_PAGE + connections * PER_CONNECTION
    assert pages > 15
    assert connections > 15
    assert needed + SET_ASIDE <= descriptors


def test_a_process_that_could_have_more_takes_2_000_pages_or_what_the_operator_says() -> None:
    assert pages_that_fit(65_536) == 2_000
    assert pages_that_fit(65_536, 5_000) == 5_000
    assert pages_that_fit(65_536, 10) == 10
    assert pages_that_fit(1_024, 5_000) == pages_that_fit(1_024)


def test_with_hardly_any_descriptors_there_is_still_a_place() -> None:
    assert pages_that_fit(100) == connections_that_fit(100) == 1


def test_this_process_can_have_some() -> None:
    assert 0 < available() <= 65_536
