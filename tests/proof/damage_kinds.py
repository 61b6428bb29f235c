"""What can be done to an installation behind its back, one function for each kind.

Each damages documents that nothing else is done to, and returns the findings to be expected, as code and id, and
the code of those that `verify --repair` is to mend.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from random import Random
from typing import Any, ClassVar, NamedTuple, TypeAlias

from application.audit_chain import chained
from application.ports.audit_trail import AuditRow
from domain.ids import ClinicId
from tests.proof.damage_scene import LONG_AGO
from tests.tampering import tamper_with_sqlite

Found: TypeAlias = Iterable[tuple[str, str]]
Kind: TypeAlias = Callable[["Wreck"], tuple[Found, str]]


class Done(NamedTuple):
    kind: str
    findings: tuple[tuple[str, str], ...]
    mended: str


class Target(NamedTuple):
    """A document that is to be damaged, and the folder of its blobs."""

    id: str
    prefix: str
    folder: Path

    @property
    def original(self) -> Path:
        return self.folder / "original"


class Wreck:
    ABANDONED: ClassVar[bytes] = b"half of an upload"

    def __init__(self, folder: Path, dice: Random) -> None:
        self.files = folder / "files"
        self.blobs = self.files / "blobs"
        self.dice = dice
        self._database = folder / "clinic-media.db"
        self._numbers = dice.randrange(10**6)
        paired = {row[0] for row in self.rows("SELECT document_id FROM pairing_members")}
        attached = {row[0] for row in self.rows("SELECT document_id FROM attachments")}
        documents = [
            Target(id, prefix, self.blobs / prefix)
            for id, prefix in self.rows("SELECT id, prefix FROM documents WHERE media_kind <> 'document' ORDER BY id")
        ]
        self._plain = [one for one in documents if one.id not in paired | attached]
        self._other = [one for one in documents if one.id in paired and one.id not in attached]
        self.lone = self._plain.pop()
        """Named by nothing but its row."""
        dice.shuffle(self._plain)
        dice.shuffle(self._other)

    def document(self) -> Target:
        return self._plain.pop() if self._plain else self._other.pop()

    def rows(self, statement: str, *values: Any) -> list[Any]:
        with closing(sqlite3.connect(self._database)) as database:
            return database.execute(statement, values).fetchall()

    def change(self, statement: str, *values: Any) -> None:
        with closing(sqlite3.connect(self._database)) as database, database:
            database.execute("PRAGMA foreign_keys = OFF")
            assert database.execute(statement, values).rowcount == 1

    def new_id(self) -> str:
        self._numbers += 1
        return f"0190a0b0-0000-7000-8000-{self._numbers:012x}"

    def strange(self, name: str) -> Path:
        """A folder of that name where documents have theirs."""
        folder = self.blobs / "north" / "ana" / "2020-01" / name
        folder.mkdir(parents=True)
        return folder

    async def rewrite_log(self, clinic: ClinicId) -> list[tuple[str, tuple[tuple[str, str], ...], str]]:
        """One row of the audit log is edited, left out or put in, or the end is cut off."""
        kind = self.dice.choice(sorted(_LOGS))
        [(length,)] = self.rows("SELECT count(*) FROM audit WHERE clinic_id = ?", clinic)
        at = self.dice.randrange(2, length - 1)
        await tamper_with_sqlite(self._database, clinic, lambda rows: _LOGS[kind](rows, at))
        broken = length if kind == "the log's end is cut off" else at
        return [(kind, (("I9", f"{clinic}/{broken}"),), "")]


def _edited(rows: list[AuditRow], at: int) -> list[AuditRow]:
    row = rows[at - 1]
    entry = row.entry._replace(user_id="somebody-else")
    return [*rows[: at - 1], row._replace(entry=entry), *rows[at:]]


def _left_out(rows: list[AuditRow], at: int) -> list[AuditRow]:
    return [*rows[: at - 1], *rows[at:]]


def _rehashed(rows: list[AuditRow], at: int) -> list[AuditRow]:
    """Edited, and its own hash made to fit: the next row's does not. The row itself was right before, so the finding
    is one further; the edit is made one earlier to name the same place."""
    before, row = rows[at - 3].hash if at > 2 else "0" * 64, rows[at - 2]
    entry = row.entry._replace(action="document.read")
    forged = AuditRow(row.seq, chained(before, entry, row.seq), entry)
    return [*rows[: at - 2], forged, *rows[at - 1 :]]


def _cut_off(rows: list[AuditRow], _: int) -> list[AuditRow]:
    return rows[:-1]


_LOGS: Mapping[str, Callable[[list[AuditRow], int], list[AuditRow]]] = {
    "a row of the log is edited": _edited,
    "a row of the log is left out": _left_out,
    "a row of the log is edited and hashed anew": _rehashed,
    "the log's end is cut off": _cut_off,
}


def _original(how: Callable[[Target, Random], None]) -> Kind:
    def damage(wreck: Wreck) -> tuple[Found, str]:
        target = wreck.document()
        how(target, wreck.dice)
        return [("I1", target.id)], ""

    return damage


def _written(how: Callable[[bytes, Random], bytes]) -> Kind:
    return _original(lambda target, dice: _rewrite(target.original, how(target.original.read_bytes(), dice)))


def _rewrite(path: Path, data: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(data)


def _flipped(data: bytes, dice: Random) -> bytes:
    changed = bytearray(data)
    changed[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return bytes(changed)


def _folder_instead(target: Target, _: Random) -> None:
    target.original.unlink()
    target.original.mkdir()


def _link_instead(target: Target, _: Random) -> None:
    elsewhere = target.folder / "thumb"
    target.original.unlink()
    target.original.symlink_to(elsewhere)


def _moved_away(wreck: Wreck) -> tuple[Found, str]:
    target, id = wreck.document(), wreck.new_id()
    names = sorted(path.name for path in target.folder.iterdir())
    target.folder.rename(target.folder.with_name(id))
    prefix = target.prefix.replace(target.id, id)
    return [("I1", target.id), *(("I3", f"{prefix}/{name}") for name in names)], "I3"


def _picture(how: Callable[[Path], None], *names: str) -> Kind:
    def damage(wreck: Wreck) -> tuple[Found, str]:
        target = wreck.document()
        for name in names:
            how(target.folder / name)
        return [("I12", target.id)], "I12"

    return damage


def _row(column: str, value: Callable[[Any], Any]) -> Kind:
    def damage(wreck: Wreck) -> tuple[Found, str]:
        target = wreck.document()
        [(now,)] = wreck.rows(f"SELECT {column} FROM documents WHERE id = ?", target.id)
        wreck.change(f"UPDATE documents SET {column} = ? WHERE id = ?", value(now), target.id)
        return [("I1", target.id)], ""

    return damage


def _row_gone(wreck: Wreck) -> tuple[Found, str]:
    target = wreck.lone
    wreck.change("DELETE FROM documents WHERE id = ?", target.id)
    return [("I3", f"{target.prefix}/{name}") for name in ("original", "medium", "thumb")], "I3"


def _stray_file(wreck: Wreck) -> tuple[Found, str]:
    target = wreck.document()
    shutil.copy(target.original, target.folder / "original.bak")
    return [("I3", f"{target.prefix}/original.bak")], ""


def _orphan(wreck: Wreck) -> tuple[Found, str]:
    id = wreck.new_id()
    file = wreck.strange(id) / "original"
    file.write_bytes(b"nobody's")
    os.utime(file, (LONG_AGO, LONG_AGO))
    return [("I3", f"north/ana/2020-01/{id}/original")], "I3"


def _foreign(wreck: Wreck) -> tuple[Found, str]:
    file = wreck.strange(f"by-hand-{wreck.dice.randrange(10**9)}") / "notes.txt"
    file.write_bytes(b"by hand")
    os.utime(file, (LONG_AGO, LONG_AGO))
    return [("I3", file.relative_to(wreck.blobs).as_posix())], ""


def _not_promoted(wreck: Wreck) -> tuple[Found, str]:
    target = wreck.document()
    target.folder.rename(wreck.files / "staging" / target.id)
    return [("I10", target.id)], "I10"


def _abandoned(wreck: Wreck) -> tuple[Found, str]:
    id = wreck.new_id()
    folder = wreck.files / "staging" / id
    folder.mkdir()
    (folder / "original").write_bytes(Wreck.ABANDONED)
    for path in (folder / "original", folder):
        os.utime(path, (LONG_AGO, LONG_AGO))
    return [("I10", id)], "I10"


def _purged_but_there(wreck: Wreck) -> tuple[Found, str]:
    """A tombstone says that the bytes are gone, and they are not."""
    id = wreck.new_id()
    wreck.change(
        "INSERT INTO tombstones (document_id, clinic_id, patient_id, sha256, prefix, purged_at, purged_by, emptied_at)"
        " VALUES (?1, 'north', 'ana', ?2, ?3, '2020-01-01T00:00:00Z', 'u', '2020-01-01T00:00:00Z')",
        *(id, "0" * 64, f"north/ana/2020-01/{id}"),
    )
    file = wreck.strange(id) / "original"
    file.write_bytes(b"purged")
    os.utime(file, (LONG_AGO, LONG_AGO))
    return [("I3", f"north/ana/2020-01/{id}/original")], "I3"


def _half_pair(wreck: Wreck) -> tuple[Found, str]:
    [(pairing, document)] = wreck.rows(
        "SELECT pairing_id, document_id FROM pairing_members ORDER BY document_id LIMIT 1"
    )
    wreck.change("DELETE FROM pairing_members WHERE document_id = ?", document)
    return [("I5", pairing)], ""


def _pair_astray(wreck: Wreck) -> tuple[Found, str]:
    [(pairing, document)] = wreck.rows(
        "SELECT pairing_id, document_id FROM pairing_members ORDER BY document_id DESC LIMIT 1"
    )
    wreck.change("UPDATE pairing_members SET patient_id = 'luis' WHERE document_id = ?", document)
    return [("I5", pairing)], ""


def _link_astray(wreck: Wreck) -> tuple[Found, str]:
    [(id, owner)] = wreck.rows("SELECT id, owner_id FROM attachments ORDER BY id LIMIT 1")
    wreck.change("DELETE FROM owners WHERE owner_id = ?", owner)
    wreck.change("UPDATE attachments SET patient_id = 'luis' WHERE id = ?", id)
    return [("I6", id)], ""


def _record_astray(wreck: Wreck) -> tuple[Found, str]:
    [(id, owner)] = wreck.rows("SELECT id, owner_id FROM attachments ORDER BY id DESC LIMIT 1")
    wreck.change("UPDATE owners SET patient_id = 'luis' WHERE owner_id = ?", owner)
    return [("I6", id)], ""


def _cut(path: Path) -> None:
    _rewrite(path, path.read_bytes()[: path.stat().st_size // 2])


KINDS: Mapping[str, Kind] = {
    "the original is gone": _original(lambda target, _: target.original.unlink()),
    "all files of a document are gone": _original(lambda target, _: shutil.rmtree(target.folder)),
    "the original is a folder": _original(_folder_instead),
    "the original is a link": _original(_link_instead),
    "the original is cut off": _written(lambda data, dice: data[: dice.randrange(len(data))]),
    "the original is empty": _written(lambda data, _: b""),
    "the original has more bytes": _written(lambda data, dice: data + dice.randbytes(1 + dice.randrange(100))),
    "a bit of the original is another": _written(_flipped),
    "the original is zeroed": _written(lambda data, _: bytes(len(data))),
    "the original's end is zeroed": _written(lambda data, _: data[:-40] + bytes(40)),
    "the original is something else": _written(lambda data, dice: dice.randbytes(len(data))),
    "the files are under another id": _moved_away,
    "the thumb is gone": _picture(Path.unlink, "thumb"),
    "the medium is gone": _picture(Path.unlink, "medium"),
    "both pictures are gone": _picture(Path.unlink, "medium", "thumb"),
    "the thumb is cut off": _picture(_cut, "thumb"),
    "the medium is empty": _picture(lambda path: _rewrite(path, b""), "medium"),
    "the medium is no picture": _picture(lambda path: _rewrite(path, b"no picture at all"), "medium"),
    "the thumb is zeroed": _picture(lambda path: _rewrite(path, bytes(path.stat().st_size)), "thumb"),
    "the row has another checksum": _row("sha256", lambda now: now[::-1]),
    "the row has another size": _row("file_size", lambda now: now + 1),
    "the row has another crc": _row("crc32", lambda now: now ^ 1),
    "the row is gone": _row_gone,
    "a file lies beside the original": _stray_file,
    "files of no document": _orphan,
    "something that is not ours": _foreign,
    "an upload was not promoted": _not_promoted,
    "an upload was abandoned": _abandoned,
    "purged and not deleted": _purged_but_there,
    "half a pair": _half_pair,
    "a pair of two patients": _pair_astray,
    "an attachment of another patient": _link_astray,
    "an attachment on another patient's record": _record_astray,
}
