"""Take the picture of the report that the README shows: the demo's own page, in a headless browser.

python -m docs.screenshot          needs Chromium; writes docs/images/report.png
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).parent
WIDTH, HEIGHT = 1100, 1500


def take(page: Path, picture: Path) -> None:
    """Render `page` and write the top of it as a PNG."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if browser is None:
        raise SystemExit("No Chromium was found; on Debian: apt-get install chromium")
    picture.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as profile:
        quiet = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
        shown = [f"--user-data-dir={profile}", "--hide-scrollbars", f"--window-size={WIDTH},{HEIGHT}"]
        subprocess.run(
            [browser, *quiet, *shown, f"--screenshot={picture}", page.as_uri()], check=True, capture_output=True
        )


def main() -> None:
    """Run the demo in a folder of its own and photograph its report."""
    with tempfile.TemporaryDirectory() as folder:
        seguito = Path(sys.executable).parent / "seguito"
        subprocess.run([str(seguito), "demo", "--quiet"], cwd=folder, check=True, capture_output=True)
        take(Path(folder) / "demo" / "report.html", DOCS / "images" / "report.png")


if __name__ == "__main__":
    main()
