"""What the local storage does with bytes that are already durable, and with small ones. All blocking.

Each of these may be stopped anywhere: the same call made again finishes it. That is why they begin by looking.
"""

import errno
from itertools import count
from pathlib import Path
from secrets import token_hex

from adapters.files.disk import OpenFile
from adapters.files.tree import MISSING, TAKEN, TEMPORARY, Tree
from application.ports.blobs import ORIGINAL, BlobMissing

_COMPARED = 1024 * 1024
_STALE_SECONDS = 3600


def promote(tree: Tree, id: str, prefix: str) -> None:
    entry, place = tree.entry(id), tree.place(prefix)
    waiting = tree.is_file(entry / ORIGINAL)
    if not waiting and not tree.is_file(place / ORIGINAL):
        tree.require()
        raise BlobMissing(prefix)
    tree.make(place.parent)
    if waiting:
        _move(tree, entry, place)
    else:
        # Whoever moved it may have stopped before it was durable, and before the rest of the entry was gone
        tree.disk.sync_folder(place.parent)
        tree.remove(entry, last=ORIGINAL)


def _move(tree: Tree, entry: Path, place: Path) -> None:
    try:
        tree.disk.rename(entry, place)
    except OSError as error:
        if error.errno in TAKEN:
            _merge(tree, entry, place)
            return
        if error.errno not in MISSING or not tree.is_file(place / ORIGINAL):
            raise
        # another promotion of the same entry was faster
    tree.disk.sync_folder(place.parent)


def _merge(tree: Tree, entry: Path, place: Path) -> None:
    """Bring what is staged to a place that has files. They stay as they are; an original unlike theirs is put aside."""
    if tree.is_file(place / ORIGINAL) and not _same(tree, entry / ORIGINAL, place / ORIGINAL):
        _put_aside(tree, entry, place)
        return
    for name in sorted(tree.names(entry), key=ORIGINAL.__eq__):
        if not tree.is_file(place / name):
            tree.quietly(lambda path: tree.disk.rename(path, place / path.name), entry / name)
    tree.disk.sync_folder(place)
    tree.disk.sync_folder(place.parent)
    if not tree.is_file(place / ORIGINAL):
        raise FileExistsError(errno.EEXIST, "something else has the name of the original")
    tree.remove(entry, last=ORIGINAL)


def _same(tree: Tree, staged: Path, stored: Path) -> bool:
    """Whether the bytes are equal, or what is staged has just gone where the other is."""
    ours, theirs = tree.open(staged), tree.open(stored)
    if ours is None or theirs is None:
        return ours is None
    size = ours.stat().st_size
    return size == theirs.stat().st_size and all(
        ours.read(length, start) == theirs.read(length, start)
        for start in range(0, size, _COMPARED)
        for length in (min(_COMPARED, size - start),)
    )


def put(tree: Tree, key: str, data: bytes) -> None:
    path = tree.place(key)
    temporary = path.with_name(f"{path.name}{TEMPORARY}{token_hex(8)}")
    try:
        _write(tree, temporary, data)
        tree.disk.rename(temporary, path)
    except OSError:
        tree.quietly(tree.disk.unlink, temporary)
        raise
    tree.disk.sync_folder(path.parent)
    tree.sweep(path.parent, _STALE_SECONDS)  # what a put left that was stopped long ago


def _write(tree: Tree, path: Path, data: bytes) -> None:
    try:
        file = OpenFile(tree.disk, tree.disk.create(path))
    except FileNotFoundError:
        tree.make(path.parent)
        file = OpenFile(tree.disk, tree.disk.create(path))
    with file:
        file.append((data,))
        file.sync()


def delete(tree: Tree, prefix: str) -> None:
    place = tree.place(prefix)
    tree.remove(place, last=ORIGINAL)
    for folder in (place, place.parent):
        if tree.is_folder(folder):
            # Purged is purged: loss of power must not bring it back
            tree.disk.sync_folder(folder)


def quarantine(tree: Tree, prefix: str) -> None:
    place = tree.place(prefix)
    if tree.is_folder(place):
        _put_aside(tree, place, place)
    else:
        tree.require()


def _put_aside(tree: Tree, folder: Path, place: Path) -> None:
    aside = tree.aside / place.relative_to(tree.blobs)
    tree.make(aside.parent)
    for turn in count():
        try:
            tree.disk.rename(folder, aside.with_name(f"{aside.name}{TEMPORARY}{turn}") if turn else aside)
        except OSError as error:
            if error.errno in TAKEN:
                continue
            if error.errno not in MISSING:
                raise
            return  # somebody else has put it aside
        tree.disk.sync_folder(aside.parent)
        return
