"""Parts of a proof in processes of their own, so many at once."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from multiprocessing import get_context
from typing import Any, TypeVar

T = TypeVar("T")


def side_by_side(part: Callable[..., T], each: Sequence[Sequence[Any]], jobs: int) -> Iterator[T]:
    """What `part` returns for these arguments, as they come to their end; with one job in this process, in order."""
    if jobs == 1:
        yield from (part(*arguments) for arguments in each)
        return
    # Not forked: a part may fork by itself, and is the same as if it had been started alone.
    with ProcessPoolExecutor(jobs, get_context("spawn")) as at_once:
        yield from (done.result() for done in as_completed([at_once.submit(part, *arguments) for arguments in each]))
