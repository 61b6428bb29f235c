"""A wheel holds the browser side as built; without it there would be no app at `/`, and nobody would be told."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

BUILT = ("entrypoints/web/dist/app/index.html", "entrypoints/web/dist/elements/index.js")


class NeedsTheBrowserSide(BuildHookInterface[Any]):
    def initialize(self, version: str, _: dict[str, Any]) -> None:
        missing = [path for path in BUILT if not (Path(self.root) / path).exists()]
        if missing and version != "editable":
            raise FileNotFoundError(f"{missing[0]} is not built yet: run `make web` first")
