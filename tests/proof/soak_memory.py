"""Whether a server's memory is flat: what it holds in its life, and what each request leaves behind once it is warm."""

from collections.abc import Iterator, Sequence
from itertools import combinations
from statistics import median
from typing import NamedTuple

import psutil

WARM_REQUESTS = 30_000
"""By then the writing connection has the pages that it keeps (16 MB), each statement is compiled, the remembered paths
and dates are as many as there may be, and the heap has the holes that it goes on working with. A third of the life has
passed at least."""
MOST_BYTES = 150.0
"""That a request may leave behind: an id with its value in a dict takes more, the heap's own unrest less."""
MOST_MEGABYTES = 320.0
"""At any time: 110 at the start, the pictures (32) and pages (80) that are kept, and as much for what is under way."""
MOST_FILES = 16
_REQUESTS_NEEDED = 10_000
_SAMPLES_NEEDED = 20
_SECONDS_TOGETHER = 10


class Sample(NamedTuple):
    """`megabytes` and `files` of the process that answers; `helpers` are those of the others, in megabytes."""

    seconds: float
    """Of the server's life."""
    requests: int
    """Answered since it began."""
    megabytes: float
    helpers: float
    files: int


def held(pid: int, seconds: float, requests: int) -> Sample:
    """By the server `pid` now: it keeps the process that answers beside those that look into files."""
    parent = psutil.Process(pid)
    resident = {process: _resident(process) for process in (parent, *parent.children(recursive=True))}
    worker = max(resident, key=lambda process: resident[process])
    helpers = sum(resident.values()) - resident[worker] - (resident[parent] if worker != parent else 0)
    return Sample(seconds, requests, resident[worker], helpers, worker.num_fds())


def _resident(process: psutil.Process) -> float:
    try:
        return float(process.memory_info().rss) / 2**20
    except psutil.NoSuchProcess:
        return 0.0  # a helper that had served enough


def warmed(life: Sequence[Sample]) -> Sequence[Sample]:
    later = life[len(life) // 3 :]
    return [sample for sample in later if sample.requests >= WARM_REQUESTS]


def is_long_enough(life: Sequence[Sample]) -> bool:
    """To tell whether its memory is flat."""
    warm = warmed(life)
    return len(warm) >= _SAMPLES_NEEDED and warm[-1].requests - warm[0].requests >= _REQUESTS_NEEDED


def left_by_a_request(samples: Sequence[Sample]) -> float:
    """Bytes: the median of the slopes between all pairs of points (Theil and Sen), so that no burst counts."""
    points = list(_points(samples))
    slopes = [(y - x) / (b - a) for (a, x), (b, y) in combinations(points, 2) if b > a]
    return median(slopes) * 2**20 if slopes else 0.0


def _points(samples: Sequence[Sample]) -> Iterator[tuple[int, float]]:
    """Requests and megabytes, ten seconds together."""
    for start in range(0, len(samples), _SECONDS_TOGETHER):
        some = samples[start : start + _SECONDS_TOGETHER]
        yield some[len(some) // 2].requests, median(each.megabytes for each in some)


def files_grown(samples: Sequence[Sample]) -> float:
    """Between the first and the last quarter."""
    quarter = max(1, len(samples) // 4)
    return median(each.files for each in samples[-quarter:]) - median(each.files for each in samples[:quarter])


def grown(lives: Sequence[Sequence[Sample]]) -> list[str]:
    """What grew more than it may."""
    found = []
    for number, life in enumerate(filter(None, lives), 1):
        most, warm = max(each.megabytes for each in life), warmed(life)
        if most > MOST_MEGABYTES:
            found.append(f"in life {number} the server took {most:.0f} MB")
        if len(life) >= _SAMPLES_NEEDED and (files := files_grown(life[len(life) // 3 :])) > MOST_FILES:
            found.append(f"in life {number} open files grew by {files:.0f}")
        if is_long_enough(life) and (left := left_by_a_request(warm)) > MOST_BYTES:
            found.append(f"in life {number} each request left {left:.0f} bytes behind")
    return found


def told(life: Sequence[Sample]) -> str:
    first, last, most = life[0], life[-1], max(each.megabytes for each in life)
    said = f"{first.megabytes:.0f} to {last.megabytes:.0f} MB, at most {most:.0f} and {_helpers(life):.0f} of helpers, "
    said += f"{first.files} to {last.files} open files, {last.requests} requests in {last.seconds / 60:.0f} minutes"
    if not is_long_enough(life):
        return said
    warm = warmed(life)
    grew = f"{warm[0].megabytes:.0f} to {warm[-1].megabytes:.0f} MB, {left_by_a_request(warm):+.0f} bytes a request"
    return f"{said}; from request {warm[0].requests} {grew}"


def _helpers(life: Sequence[Sample]) -> float:
    return max(each.helpers for each in life)
