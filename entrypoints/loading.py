"""Loading a program's modules."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def loading() -> Iterator[None]:
    """While the block lasts nothing is searched for garbage: what is loaded stays, and a search of all of it would hold
    up requests later, too."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
