"""How the audit log is chained: each row's hash covers the one before it, so no row can be changed unnoticed.

There is one chain per clinic, numbered from 1 without gaps. The encoding is part of what is stored: changing it would
make every log written before look broken.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC
from hashlib import sha256
from json.encoder import encode_basestring_ascii as _quoted
from operator import itemgetter

from application.ports.audit_trail import AuditEntry, AuditRow

GENESIS = "0" * 64
"""What stands for the hash before the first row."""


def chained(previous: str, entry: AuditEntry, seq: int) -> str:
    """The hash of row `seq`, in hexadecimal, after a row whose hash is `previous` (`GENESIS` for the first)."""
    return sha256(f"{previous}\n{seq}\n{_canonical(entry)}".encode()).hexdigest()


def broken(rows: Iterable[AuditRow], length: int, head: str) -> Iterator[int]:
    """The sequence numbers at which a clinic's chain does not hold, ascending.

    `rows` by ascending `seq`; `length` and `head` are how many were ever written and the hash of the last one (0 and
    `GENESIS` for none), kept apart from the rows, so that what is cut off the end is missed too. Of a gap the first
    number is named, and the row after it is taken as it is: what it was chained to is not there to compare.
    """
    seq, previous = 0, GENESIS
    for row in rows:
        if seq + 1 < row.seq <= length:
            yield seq + 1
        elif not seq < row.seq <= length or row.hash != _expected(row, previous, length, head):
            yield row.seq
        seq, previous = row.seq, row.hash
    if seq < length:
        yield seq + 1


def _expected(row: AuditRow, previous: str, length: int, head: str) -> str | None:
    expected = chained(previous, row.entry, row.seq)
    return expected if row.seq != length or expected == head else None


_NAMES = tuple(sorted(AuditEntry._fields))
_AT = _NAMES.index("at")
_BY_NAME = itemgetter(*map(AuditEntry._fields.index, _NAMES))
_TEMPLATE = "{" + ",".join(f'"{name}":%s' for name in _NAMES) + "}"


def _canonical(entry: AuditEntry) -> str:
    """JSON with sorted keys, without spaces, in ASCII. Put together here: every read of a photo is hashed."""
    said = list(_BY_NAME(entry))
    said[_AT] = entry.at.astimezone(UTC).isoformat(timespec="microseconds")
    return _TEMPLATE % tuple(["null" if value is None else _quoted(value) for value in said])
