"""The inner layers import nothing but the standard library and what lies further in.

The import contracts name the frameworks that are kept out; this keeps out everything else too.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

INNER_LAYERS = {"domain": {"domain"}, "application": {"application", "domain"}}


def imports(source: str) -> Iterator[tuple[int, str]]:
    """Line and top-level package of every import in the source, wherever it stands."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.partition(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level or (node.module or "").partition(".")[0]


@pytest.mark.parametrize("layer", INNER_LAYERS)
def test_an_inner_layer_imports_only_the_standard_library_and_what_lies_further_in(layer: str) -> None:
    modules = sorted((ROOT / layer).rglob("*.py"))
    assert modules
    allowed = sys.stdlib_module_names | INNER_LAYERS[layer]
    strangers = [
        f"{module.relative_to(ROOT)}:{line} imports {package}"
        for module in modules
        for line, package in imports(module.read_text(encoding="utf-8"))
        if package not in allowed
    ]
    assert not strangers


@pytest.mark.parametrize(
    ("source", "package"),
    [
        ("import sqlalchemy.orm", "sqlalchemy"),
        ("from litestar.di import Provide", "litestar"),
        ("from .ids import PatientId", "."),
        ("def late():\n    import msgspec", "msgspec"),
        ("if TYPE_CHECKING:\n    from PIL import Image", "PIL"),
    ],
)
def test_an_import_is_seen_wherever_and_however_it_is_written(source: str, package: str) -> None:
    assert [name for _, name in imports(source)] == [package]
