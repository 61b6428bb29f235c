"""Taking from this process whatever looking into a file does not need."""

import ctypes
import gc
import math
import os
import resource
import signal
import sys
import warnings

from adapters.imaging.sandbox import seccomp

_NICENESS = 10
_PARENT_DEATH_SIGNAL = 1
_PAGE = os.sysconf("SC_PAGE_SIZE")


def enter() -> None:
    """Confine the process for good: low priority, no core dumps, no writing, no network, gone when the service is."""
    ctypes.CDLL(None).prctl(_PARENT_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
    os.nice(_NICENESS)
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_FSIZE, 0)
    _lower(resource.RLIMIT_NOFILE, 64)
    sys.dont_write_bytecode = True
    sys.setrecursionlimit(500)
    warnings.simplefilter("ignore")
    gc.freeze()
    seccomp.install()


def renew(cpu_seconds: int, memory_bytes: int) -> None:
    """Grant the next file its own computing time and memory, on top of what the process has used up to now."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _lower(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime) + cpu_seconds)
    _lower(resource.RLIMIT_AS, _pages(0) * _PAGE + memory_bytes)


def resident_bytes() -> int:
    return _pages(1) * _PAGE


def _pages(column: int) -> int:
    with open("/proc/self/statm", "rb") as statm:
        return int(statm.read().split()[column])


def _lower(limit: int, value: int) -> None:
    """Set the soft limit, never above the hard one, which stays so that `renew` can raise the soft one again."""
    hard = resource.getrlimit(limit)[1]
    resource.setrlimit(limit, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))
