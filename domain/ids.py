"""Identifiers.

Ours are UUIDv7 in canonical text form. The host's (clinic, user, patient, owner) are opaque: 1 to 64 characters of
``[A-Za-z0-9._:-]``, kept exactly as the host writes them.
"""

import re
from typing import NewType

from domain.errors import Malformed

ClinicId = NewType("ClinicId", str)
PatientId = NewType("PatientId", str)
UserId = NewType("UserId", str)
OwnerId = NewType("OwnerId", str)

DocumentId = NewType("DocumentId", str)
AttachmentId = NewType("AttachmentId", str)
PairingId = NewType("PairingId", str)
NoteId = NewType("NoteId", str)

_OUR_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_HOST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


def host_id(value: str, field: str) -> str:
    """Return `value` if it can be an id of the host; raise `Malformed` naming `field` otherwise."""
    # "." and ".." are legal characters but would climb out of a storage prefix
    if _HOST_ID.fullmatch(value) is None or not value.strip("."):
        raise Malformed(f"{field} must be 1 to 64 characters of A-Z a-z 0-9 . _ : -", field=field)
    return value


def is_our_id(text: str) -> bool:
    """Whether it has the form of the ids that we make."""
    return _OUR_ID.fullmatch(text) is not None
