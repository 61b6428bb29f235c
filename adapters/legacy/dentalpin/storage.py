"""DentalPin's storage folder: where a stored path leads, and what no row names."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from adapters.legacy.folder import Folder, printable
from application.ports.legacy import Anomaly, Row

_VARIANTS = (".thumb.jpg", ".medium.jpg")
_ROOTS = ("storage", "uploads", "media")


@dataclass(slots=True)
class Storage:
    folder: Folder
    named: set[str] = field(default_factory=set)
    """Paths that rows name, whether there is a file or not."""

    def placed(self, stored: str, clinic: str) -> str | None:
        """The path below the folder that a row means; None where no file is there."""
        meant = list(dict.fromkeys(_meant(stored, clinic)))
        self.named.update(meant)
        return next((path for path in meant if self.folder.file(path)), None)

    def orphans(self) -> Iterator[Anomaly]:
        for path in self.folder.paths():
            if path not in self.named and not self._is_variant(path):
                reason = "no row names this file; it stays where it is"
                where = Row("storage", printable(path))
                yield Anomaly("orphan_on_disk", where, where.id.rpartition("/")[2], reason)

    def _is_variant(self, path: str) -> bool:
        """A picture made of a file that a row names; here they are made anew."""
        return any(path.removesuffix(ending) in self.named for ending in _VARIANTS if path.endswith(ending))


def _meant(stored: str, clinic: str) -> Iterator[str]:
    """What a stored path may mean, the likeliest first: it may be absolute on another machine, or of Windows."""
    parts = [part for part in stored.replace("\\", "/").split("/") if part not in ("", ".")]
    if not parts or ".." in parts or "\x00" in stored:
        return
    if not stored.startswith(("/", "\\")) and ":" not in parts[0]:
        yield "/".join(parts)
    for at, part in enumerate(parts):
        if part.lower() == clinic:
            yield "/".join(parts[at:])
    for at in reversed([at for at, part in enumerate(parts[:-1]) if part.lower() in _ROOTS]):
        yield "/".join(parts[at + 1 :])
