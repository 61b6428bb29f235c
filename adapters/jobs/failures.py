"""What is said of a job that failed, and when it is tried again."""

import logging

from domain.errors import DomainError

_log = logging.getLogger("clinic_media.worker")

_LONGEST_PAUSE = 300.0


def pause_after(failures: int, seconds: float) -> float:
    """Seconds until a job is tried again that comes round every `seconds` and has failed so many times in a row."""
    # A large exponent is no longer a number of seconds.
    return min(_LONGEST_PAUSE, seconds * 2.0 ** min(failures, 16))


def tell(name: str, error: Exception, pause: float) -> None:
    known = isinstance(error, DomainError)
    said = error.detail if isinstance(error, DomainError) else type(error).__name__
    _log.warning("%s failed (%s), next try in %.0f s", name, said, pause, exc_info=None if known else error)
