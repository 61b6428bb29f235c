"""What may be in the repository: nothing built, nothing of one machine, and locks that any mirror can serve."""

import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]

BUILT_FOLDERS = {".venv", "__pycache__", "build", "dist", "node_modules"}
BUILT_SUFFIXES = {".db", ".dll", ".pyc", ".so", ".sqlite", ".sqlite3", ".whl"}
MACHINE_PATH = re.compile(r"(?<![\w./~-])/(?:home|root|Users|work)/[\w.-]")
REGISTRY = re.compile(r"https?://[^\s/\"']*(?:pypi|pythonhosted|npmjs|yarnpkg|registry)", re.IGNORECASE)
DOWNLOAD = re.compile(r"https?://|--(?:extra-)?index-url|--find-links", re.IGNORECASE)
PINNED = re.compile(r"^([\w.-]+)==([\w.+!]+)(?: ;.*?)? \\$", re.MULTILINE)

LOCKS = {lock.stem: lock for lock in sorted((ROOT / "requirements").glob("*.txt"))}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def git_files(*options: str) -> list[Path]:
    """What git tracks, or what the options choose; only files that are there."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: there is no list of what the repository holds")
    listing = subprocess.run(["git", "ls-files", "-z", *options], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / name for name in listing.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    """`file:line: text` of every match in the text files of the repository, those not yet added among them."""
    found = []
    for file in git_files("--cached", "--others", "--exclude-standard"):
        content = file.read_bytes()
        if b"\0" in content:
            continue
        lines = enumerate(content.decode(errors="replace").splitlines(), 1)
        found += [f"{file.relative_to(ROOT)}:{at}: {line.strip()[:120]}" for at, line in lines if pattern.search(line)]
    return found


def pins(lock: str) -> set[tuple[str, str]]:
    return set(PINNED.findall(LOCKS[lock].read_text(encoding="utf-8")))


def test_no_file_names_the_address_of_a_package_registry() -> None:
    assert not lines_with(REGISTRY)


def test_no_file_holds_a_path_of_one_machine() -> None:
    assert not lines_with(MACHINE_PATH)


def test_nothing_built_or_installed_is_tracked() -> None:
    tracked = [file.relative_to(ROOT) for file in git_files()]
    assert not [name for name in tracked if BUILT_FOLDERS & set(name.parts) or name.suffix in BUILT_SUFFIXES]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_tells_versions_and_hashes_and_no_address(lock: str) -> None:
    text = LOCKS[lock].read_text(encoding="utf-8")
    assert not DOWNLOAD.search(text)
    requirements = re.split(r"\n(?=\S)", re.sub(r"(?m)^#.*\n", "", text).strip())
    assert requirements
    assert not [entry for entry in requirements if not PINNED.match(entry) or "--hash=sha256:" not in entry]


def test_the_browser_side_is_locked_without_addresses() -> None:
    for lock in git_files("--cached", "--others", "--exclude-standard", "*package-lock.json"):
        assert '"resolved": "http' not in lock.read_text(encoding="utf-8"), lock


@pytest.mark.parametrize("lock", ["full", "dev"])
def test_a_larger_lock_file_pins_what_the_service_runs_on_to_the_same_versions(lock: str) -> None:
    assert pins("main") <= pins(lock)


def test_every_declared_dependency_is_locked_at_a_version_that_it_allows() -> None:
    project, groups = PROJECT["project"], PROJECT["dependency-groups"]
    # What is under the GPL is pinned by whoever decides to install it
    free = {name: lines for name, lines in project["optional-dependencies"].items() if not name.endswith("-gpl")}
    extras = [line for lines in free.values() for line in lines]
    declared = {"main": project["dependencies"], "full": extras, "dev": groups["dev"], "tools": groups["tools"]}
    for lock, lines in declared.items():
        for wanted in map(Requirement, lines):
            versions = [version for name, version in pins(lock) if name == canonicalize_name(wanted.name)]
            assert versions, f"requirements/{lock}.txt lacks {wanted.name}: make lock"
            assert all(wanted.specifier.contains(version) for version in versions), f"{wanted} is locked at {versions}"
