"""docs/figures.md, written from proof.json and bench.json."""

import json
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

PAGE = ROOT / "docs" / "figures.md"
_HEAD = """# Figures

What was measured last, and when. Written by `python -m tests.proof --page` from what `make proof` and `make bench` left
in proof.json and bench.json; not by hand. Each row can be measured again by itself with its command
(`python -m tests.proof --list`), and with the same seed it does the same. A "+" after a commit: something had been
changed since.
"""
_VERDICTS = {True: "yes", False: "**no**", None: "not measured"}


def write(proof: Path, bench: Path = ROOT / "bench.json", to: Path = PAGE) -> None:
    parts = [_HEAD]
    if proof.exists():
        parts.append(_reliability(json.loads(proof.read_text(encoding="utf-8"))["figures"]))
    if bench.exists():
        parts.append(_speed(json.loads(bench.read_text(encoding="utf-8"))))
    to.write_text("\n".join(parts), encoding="utf-8")


def told(figure: dict[str, Any]) -> str:
    """What was measured, in one line."""
    if figure["met"] is None:
        return str(figure["reason"])
    said = {name: value for name, value in figure["measured"].items() if name not in ("seconds", "seed")}
    return "; ".join(value if name == "tests" else f"{name} {value}" for name, value in said.items())


def _reliability(figures: list[dict[str, Any]]) -> str:
    lines = ["## Nothing is lost, nothing leaks\n", *_header("figure", "what", "target", "measured", "size", "seed")]
    for each in figures:
        seed = "" if each["seed"] is None else each["seed"]
        cells = (each["figure"], each["what"], each["target"], told(each), each["size"], seed)
        when = (_took(each["seconds"]), each["at"][:10], each.get("commit", ""))
        lines.append(_row(*cells, *when, _VERDICTS[each["met"]]))
    return "\n".join([*lines, "", _machines(each["machine"] for each in figures), ""])


def _speed(bench: dict[str, Any]) -> str:
    lines = [
        "## It is fast",
        "",
        "Each is a ratio against a reference in the same run, which tells how fast this machine is.\n",
    ]
    lines += _header("case", "ours", "reference", "ratio", "target", "spread")
    for case in bench["cases"]:
        cells = [case[name] for name in ("case", "ours", "reference", "ratio", "target", "spread")]
        when = (_took(case["seconds"]), case["at"][:10], case["commit"])
        lines.append(_row(*cells, *when, _VERDICTS[case["met"]]))
    missed = [f"- {case['case']}: {case['why']}" for case in bench["cases"] if not case["met"] and "why" in case]
    return "\n".join([*lines, "", _machines([bench["machine"]]), "", *_reasons(missed)])


def _reasons(missed: list[str]) -> list[str]:
    return ["What stands in the way of those that miss:\n", *missed, ""] if missed else []


def _header(*names: str) -> list[str]:
    columns = (*names, "took", "on", "commit", "met")
    return [_row(*columns), _row(*("---" for _ in columns))]


def _row(*cells: object) -> str:
    return f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |"


def _took(seconds: int) -> str:
    return f"{seconds // 60} min" if seconds >= 120 else f"{seconds} s"


def _machines(machines: Any) -> str:
    told = (f"{each['cores']} cores, {each['processor']}, Python {each['python']}" for each in machines)
    return f"Measured on {'; on '.join(dict.fromkeys(told))}."
