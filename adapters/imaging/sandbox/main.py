"""The loop of a helper process: read a job, look into the file, say what it is; until the service hangs up."""

import os
import sys
from typing import BinaryIO

import msgspec

from adapters.imaging import wire
from adapters.imaging.sandbox import confinement
from adapters.imaging.sandbox.content import Content
from adapters.imaging.sandbox.inspection import inspect
from adapters.imaging.sandbox.refusal import Refusal

_SERVES = 200
"""Files before a helper asks to be replaced, so that what decoders leak does not add up."""

_KEEPS_BYTES = 250_000_000
"""Resident memory after a file above which a helper asks to be replaced."""


def main() -> None:
    jobs, replies = _private_pipes()
    confinement.enter()
    setup = msgspec.msgpack.decode(_frame(jobs), type=wire.Setup)
    decode = msgspec.msgpack.Decoder(wire.Job).decode
    _say(replies, wire.Ready())
    served = 0
    while body := _frame(jobs):
        served += 1
        confinement.renew(setup.cpu_seconds, setup.memory_bytes)
        reply = answer(decode(body), setup, replies)
        del body
        if served >= _SERVES or confinement.resident_bytes() > _KEEPS_BYTES:
            reply = _spent(reply)
        _say(replies, reply)


def answer(job: wire.Job, setup: wire.Setup, replies: BinaryIO) -> wire.Answer:
    """What is to be said about a file in the end; on the way, what is known of it goes to `replies`."""
    content = Content(job.path, job.data)
    try:
        content.head  # noqa: B018 - reads it once, so that later errors are the decoder's
    except OSError:
        return wire.Unopened()
    try:
        if job.strip is not None:
            from adapters.imaging.sandbox.stripping import strip

            return strip(content, job.strip)
        return inspect(content, job.extension, setup, lambda message: _say(replies, message))
    except Refusal as refusal:
        return wire.Refused(refusal.detail)
    except MemoryError:
        return wire.Refused("The file is over a decoding limit: it takes too much memory.")
    except RecursionError:
        return wire.Refused("The file is over a decoding limit: it is nested too deeply.")


def _spent(answer: wire.Answer) -> wire.Answer:
    return answer if isinstance(answer, wire.Unopened) else msgspec.structs.replace(answer, spent=True)


def _private_pipes() -> tuple[BinaryIO, BinaryIO]:
    """Move the pipes away from the standard descriptors, where a library's output would garble the protocol."""
    jobs, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nothing, descriptor)
    os.close(nothing)
    return jobs, replies


def _frame(jobs: BinaryIO) -> bytes:
    length = jobs.read(wire.LENGTH_BYTES)
    if len(length) < wire.LENGTH_BYTES:
        sys.exit(0)
    return jobs.read(int.from_bytes(length, "big"))


def _say(replies: BinaryIO, message: msgspec.Struct) -> None:
    replies.write(wire.framed(message))
    replies.flush()
