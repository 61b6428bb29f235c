"""The flows of the browser side, in a real Chromium against a real service; they are written in TypeScript.

`entrypoints/web/tests/e2e` holds them, `npm run e2e` there runs them alone. Screenshots stay in `test-results`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2] / "entrypoints" / "web"
BUILT = WEB / "dist" / "elements" / "index.js"
SOURCES = (
    "src",
    "app",
    "scripts",
    "package-lock.json",
    "package.json",
    "vite.app.config.ts",
    "vite.elements.config.ts",
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def npm() -> str:
    found = shutil.which("npm")
    if found is None or not (WEB / "node_modules").is_dir():
        pytest.skip("the flows in the browser need Node.js, and what `make web` installs")
    return found


@pytest.fixture(scope="module")
def chromium() -> str:
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("the flows in the browser need Chromium: install it, or name it by CHROMIUM")
    return found


@pytest.fixture(scope="module")
def bundle(npm: str) -> None:
    if not BUILT.exists() or BUILT.stat().st_mtime < newest_source():
        subprocess.run([npm, "run", "--silent", "build"], cwd=WEB, check=True)


def newest_source() -> float:
    files = [file for name in SOURCES for file in ((WEB / name).rglob("*") if (WEB / name).is_dir() else [WEB / name])]
    return max(file.stat().st_mtime for file in files if file.is_file())


@pytest.mark.timeout(1800)
@pytest.mark.usefixtures("bundle")
def test_every_flow_in_the_browser_goes_through(npm: str, chromium: str) -> None:
    service = Path(sys.executable).with_name("clinic-media")
    environment = {**os.environ, "CHROMIUM": chromium, "CLINIC_MEDIA_COMMAND": str(service), "NO_COLOR": "1"}
    command = [npm, "run", "--silent", "e2e"]
    run = subprocess.run(command, cwd=WEB, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, f"{run.stdout}\n{run.stderr}"
