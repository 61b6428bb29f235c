"""The folder in which the demo clinic lives: its settings file with a secret of its own, its database and its files."""

import json
import secrets
import shutil
from dataclasses import dataclass
from pathlib import Path

from entrypoints.configuration import read_settings
from entrypoints.settings import Settings


@dataclass(frozen=True, slots=True)
class DemoHome:
    """`folder` is the demo's alone; it is told by its settings file."""

    folder: Path

    @property
    def settings_file(self) -> Path:
        return self.folder / "clinic-media.toml"

    @property
    def _loaded(self) -> Path:
        return self.folder / "loaded"

    @property
    def sample(self) -> Path:
        """A photo to upload."""
        return self.folder / "photo.jpg"

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def is_loaded(self) -> bool:
        return self._loaded.exists()

    def settings(self) -> Settings:
        """Read from the demo's own file alone: whatever the environment says, no other database is touched."""
        if not self.settings_file.exists():
            self._furnish()
        return read_settings(self.settings_file, {})

    def mark_loaded(self, sample: bytes) -> None:
        self.sample.write_bytes(sample)
        self._loaded.touch()

    def empty(self) -> None:
        """Drop what was loaded, wholly or in part; the secret stays, so that tokens go on working."""
        self._loaded.unlink(missing_ok=True)
        if self.data.exists():
            shutil.rmtree(self.data)

    def _furnish(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.settings_file.touch(mode=0o600)
        self.settings_file.write_text(
            "# The demo clinic's settings; `clinic-media demo --reset` makes its data anew.\n"
            f"data_dir = {json.dumps(str(self.data.absolute()))}\n\n"
            f"[auth]\nsecret = {json.dumps(secrets.token_urlsafe(32))}\n\n"
            '[images]\ntimezone = "Europe/Madrid"\n\n'
            "[demo]\nsign_in = true\n",
            encoding="utf-8",
        )
