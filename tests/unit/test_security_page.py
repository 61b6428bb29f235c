"""What docs/security.md says is so."""

import ast
import re
from pathlib import Path

from domain.filetypes import BY_EXTENSION

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)
CHAPTERS = {"5": 13, "8": 13, "9": 7, "16": 17}
"""Requirements of the chapters of ASVS 5.0 that the page goes through."""


def _functions(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_test_that_the_page_names_is_there() -> None:
    missing = [f"{path}::{name}" for path, name in NAMED if not (ROOT / path).is_file() or name not in _functions(path)]
    assert len(NAMED) > 60
    assert missing == []


def test_every_requirement_has_a_line_with_a_test_or_a_reason() -> None:
    lines = re.findall(r"^\| ((?:\d+\.\d+\.\d+(?:, )?)+) \| ([^|]+) \| ([^|]+) \|$", PAGE, re.MULTILINE)
    numbers = [number for line, _, _ in lines for number in line.split(", ")]
    assert len(numbers) == len(set(numbers))
    assert {chapter: sum(number.startswith(f"{chapter}.") for number in numbers) for chapter in CHAPTERS} == CHAPTERS
    assert all(len(shown.strip()) > 20 or shown.strip() == "below" for _, _, shown in lines)


def test_the_page_names_every_extension_that_is_taken() -> None:
    taken = PAGE.partition("## What files are taken")[2].partition("##")[0]
    assert set(BY_EXTENSION) <= set(re.findall(r"[a-z]+", taken))
