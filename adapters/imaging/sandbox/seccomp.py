"""A system call filter: no network, no other programs, no writing to any file.

What a decoder does when a hostile file has taken it over ends here. Where the kernel or the machine's architecture
is not one of those known, the process runs without the filter, under the limits that `confinement` sets.
"""

import ctypes
import errno
import os
import platform
import struct
from dataclasses import dataclass

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _MODE_FILTER = 38, 22, 2
_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_CLONE_THREAD = 0x10000
_NUMBER, _ARCHITECTURE = 0, 4


@dataclass(frozen=True, slots=True)
class _Machine:
    """System call numbers: refused always; refused for writing, by the place of the flags; `clone` only for threads."""

    audit: int
    refused: frozenset[int]
    opening: dict[int, int]
    clone: int


# Of both: clone3, openat2, io_uring_setup, pidfd_open, pidfd_send_signal
_COMMON = {435, 437, 425, 434, 424}

_MACHINES = {
    "x86_64": _Machine(
        audit=0xC000003E,
        # socket calls · fork, vfork, execve, kill · truncate, rename, mkdir … chown · ptrace · mknod, mount, keyctl ·
        # the same at a folder · process_vm_*, bpf, execveat, userfaultfd
        refused=frozenset(
            {*range(41, 51), 53, 57, 58, 59, 62, 76, 77, *range(82, 96), 101, 133, 165, 250, *range(258, 262)}
            | {*range(263, 270), 288, 310, 311, 316, 321, 322, 323}
            | _COMMON
        ),
        opening={2: 1, 257: 2},
        clone=56,
    ),
    "aarch64": _Machine(
        audit=0xC00000B7,
        refused=frozenset(
            {*range(33, 39), 40, 45, 46, *range(52, 56), 117, 129, *range(198, 208), 219, 221, 242, 270, 271, 276}
            | {280, 281, 282}
            | _COMMON
        ),
        opening={56: 2},
        clone=220,
    ),
}


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def install() -> bool:
    """For good; False where this machine cannot."""
    machine = _MACHINES.get(platform.machine())
    if machine is None:
        return False
    code = _program(machine)
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // 8, ctypes.addressof(buffer))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    if prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        return False
    return bool(prctl(_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0) == 0)


def _program(machine: _Machine) -> bytes:
    """Straight down: the architecture, then each number; every check is complete in itself."""
    steps = [_step(_LOAD, _ARCHITECTURE), _step(_EQUAL, machine.audit, 1, 0), _refuse(), _step(_LOAD, _NUMBER)]
    for number in sorted(machine.refused):
        steps += [_step(_EQUAL, number, 0, 1), _refuse()]
    for number, place in machine.opening.items():
        steps += [_step(_EQUAL, number, 0, 4), _argument(place), _step(_ANY_BIT, _WRITING, 0, 1), _refuse(), _allow()]
    steps += [_step(_EQUAL, machine.clone, 0, 3), _argument(0), _step(_ANY_BIT, _CLONE_THREAD, 1, 0), _refuse()]
    return b"".join([*steps, _allow()])


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)


def _argument(place: int) -> bytes:
    return _step(_LOAD, 16 + 8 * place)


def _refuse() -> bytes:
    # As if the kernel were older: libraries then take another way, or fail with an exception instead of a signal
    return _step(_RETURN, _REFUSE | errno.ENOSYS)


def _allow() -> bytes:
    return _step(_RETURN, _ALLOW)
