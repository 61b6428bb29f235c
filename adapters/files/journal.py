"""What a move of the bytes has verified, as a file with an id on each line."""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from application.ports.moving import Journal
from domain.ids import DocumentId, is_our_id


class FileJournal(Journal):
    def __init__(self, folder: Path, source: str, target: str) -> None:
        """One file in `folder` for each way that is moved."""
        folder.mkdir(parents=True, exist_ok=True)
        name = sha256(f"{source}\n{target}".encode()).hexdigest()[:16]
        path = folder / f"{name}.ids"
        self._known: set[str] = set()
        with suppress(FileNotFoundError):
            self._known = set(filter(is_our_id, path.read_text(encoding="ascii", errors="replace").splitlines()))
        self._file = path.open("a", encoding="ascii", buffering=1)
        self._file.write("\n")  # the last line may have been cut off

    def __contains__(self, id: object) -> bool:
        return id in self._known

    def note(self, id: DocumentId) -> None:
        if id not in self._known:
            self._known.add(id)
            self._file.write(f"{id}\n")

    def forget(self) -> None:
        self._known.clear()
        self._file.truncate(0)

    async def close(self) -> None:
        self._file.close()
