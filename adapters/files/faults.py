"""What the operating system or a cloud says about a storage, as sentences for people and without paths."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import Counter

from domain.errors import Unavailable

_FAILURES = Counter("clinic_media_storage_failures", "Times that the file storage failed", ("kind",))

_FULL = "The file storage is full. Free space or enlarge it."
_REFUSES = "The file storage refuses to be written: check its owner, permissions and whether it is mounted read-only."
_BROKEN = "The file storage reports a read or write error. Check the disk before anything else."
_BUSY = "The service has too many files open. Raise its limit of open files."
_GONE = "The file storage's folders are not there. Check that its volume is mounted."
_SENTENCES = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: "A file became larger than the file storage or a limit of the process allows.",
    errno.EACCES: _REFUSES,
    errno.EPERM: _REFUSES,
    errno.EROFS: _REFUSES,
    errno.EIO: _BROKEN,
    errno.EMFILE: _BUSY,
    errno.ENFILE: _BUSY,
    errno.ENOENT: _GONE,
    errno.ENOTDIR: _GONE,
    errno.EXDEV: "The file storage's folders lie on different volumes and must share one: files are moved by renaming.",
}


@contextmanager
def storage_faults() -> Iterator[None]:
    """Raise `Unavailable` for any `OSError` of the block."""
    try:
        yield
    except OSError as error:
        raise unavailable(error) from error


def unavailable(error: OSError) -> Unavailable:
    code = errno.errorcode.get(error.errno or 0, type(error).__name__)
    _FAILURES.labels(code).inc()
    return Unavailable(_SENTENCES.get(error.errno or 0, f"The file storage failed ({code})."))


_CLOUDS = frozenset({"aiobotocore", "aiohttp", "azure", "botocore", "gcsfs", "google", "s3fs"})


@contextmanager
def cloud_faults() -> Iterator[None]:
    """Raise `Unavailable` for whatever a bucket's client raises in the block, except `FileNotFoundError`."""
    try:
        yield
    except FileNotFoundError:
        raise
    except PermissionError as error:
        _FAILURES.labels("EACCES").inc()
        raise Unavailable("The bucket refuses access. Check the credentials and what they allow.") from error
    except Exception as error:
        if isinstance(error, OSError | EOFError) or _is_of_a_cloud(type(error)):
            _FAILURES.labels(type(error).__name__).inc()
            raise Unavailable(f"The bucket cannot be reached or reports an error ({type(error).__name__}).") from error
        raise


def _is_of_a_cloud(kind: type) -> bool:
    return any(base.__module__.partition(".")[0] in _CLOUDS for base in kind.__mro__)
