"""Known vulnerabilities of the pinned packages, as the package index that pip asks tells them: make audit

Ends with 0 where none is known, 1 where some are, 3 where the index does not say: a mirror often keeps packages alone,
and then the same command has to be run where the public index can be reached.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

LOCKS = Path(__file__).resolve().parents[2] / "requirements"


class NotTold(Exception):
    """The index does not say what is known of a package."""


def pins(folder: Path = LOCKS) -> list[tuple[str, str]]:
    """Name and version of everything that is pinned, once."""
    texts = "\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.txt")))
    return sorted(set(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", texts, re.MULTILINE)))


def index() -> str:
    """Where pip looks for packages, without the last part of the path."""
    asked = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    configured = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    public: str = import_module("pip._internal.models.index").PyPI.simple_url
    return (os.environ.get("PIP_INDEX_URL") or configured or public).rstrip("/").removesuffix("/simple")


def known(base: str, name: str, version: str) -> Iterator[str]:
    """A line for each vulnerability. Raises `NotTold`."""
    try:
        with urlopen(f"{base}/pypi/{name}/{version}/json", timeout=30) as answer:  # noqa: S310 - pip's own index
            told: Any = json.loads(answer.read())
        found = told["vulnerabilities"]
    except (URLError, OSError, ValueError, KeyError, TypeError) as error:
        raise NotTold(f"{name} {version}: {error}") from error
    for each in found:
        if not each.get("withdrawn"):
            names = ", ".join([each["id"], *each.get("aliases", ())])
            mended = ", ".join(each.get("fixed_in") or ()) or "nowhere yet"
            yield f"{name} {version}: {names}; mended in {mended}. {each.get('summary') or each.get('details') or ''}"[
                :400
            ]


def main(base: str, pinned: list[tuple[str, str]]) -> int:
    try:
        found = [line for name, version in pinned for line in known(base, name, version)]
    except NotTold as reason:
        print(f"What is known of the packages cannot be had from this index ({reason}).", file=sys.stderr)
        return 3
    print(*found, f"{len(pinned)} pinned packages, {len(found)} known vulnerabilities", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(index(), pins()))
