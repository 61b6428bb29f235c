"""What the soak takes for flat."""

from collections.abc import Callable

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.proof.soak_memory import WARM_REQUESTS, Sample, grown, is_long_enough, left_by_a_request, warmed

_A_SECOND = 60
_SECONDS = 1800


def life(megabytes: Callable[[int], float], files: Callable[[int], int] = lambda _: 30) -> list[Sample]:
    """Half an hour under sixty requests a second, of which the functions are told the number."""
    answered = [second * _A_SECOND for second in range(_SECONDS)]
    return [Sample(at / _A_SECOND, at, megabytes(at), 0, files(at)) for at in answered]


def filling(answered: int) -> float:
    """As the kept pages and pictures come, until they are all there."""
    return 110 + min(answered, WARM_REQUESTS) / WARM_REQUESTS * 48


@settings(max_examples=10)
@given(st.lists(st.floats(0, 1), min_size=_SECONDS // 60, max_size=_SECONDS // 60))
def test_what_fills_up_and_then_goes_up_and_down_is_flat(unrest: list[float]) -> None:
    assert grown([life(lambda answered: filling(answered) + unrest[answered // _A_SECOND // 60])]) == []


def test_a_burst_does_not_count() -> None:
    assert grown([life(lambda answered: filling(answered) + (60 if 100_000 < answered < 104_000 else 0))]) == []


def test_two_hundred_bytes_that_each_request_leaves_behind_are_found() -> None:
    leaking = life(lambda answered: filling(answered) + answered * 200 / 2**20)
    assert 195 < left_by_a_request(warmed(leaking)) < 205
    assert grown([leaking]) == ["in life 1 each request left 200 bytes behind"]


def test_files_that_stay_open_are_found() -> None:
    assert grown([life(filling, files=lambda answered: 30 + answered // 2_000)]) == ["in life 1 open files grew by 27"]


def test_more_memory_than_everything_that_is_kept_is_found() -> None:
    assert grown([life(filling)[:200], life(lambda _: 400)]) == ["in life 2 the server took 400 MB"]


def test_of_a_short_life_nothing_is_said_about_what_a_request_leaves_behind() -> None:
    short = life(lambda answered: 110 + answered * 500 / 2**20)[:300]
    assert not is_long_enough(short)
    assert grown([short]) == []
