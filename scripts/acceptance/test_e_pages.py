"""Chromium walks every page of a server with a story, light and dark, wide and narrow."""

import os
import subprocess
import sys

from conftest import ROOT, free_port, script


def test_every_page_is_whole(tmp_path):
    home = tmp_path / "home"
    url = script("registry", "start", "--home", home, "--port", free_port()).stdout.strip()
    try:
        walk = subprocess.run(
            [
                sys.executable,
                ROOT / "registry-server/src/test/browser/walk.py",
                url,
                tmp_path / "shots",
                "--story",
                "--axe",
                "--browser",
                os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            ],
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
    finally:
        script("registry", "stop", "--home", home, expect=None)

    assert walk.returncode == 0, walk.stdout[-4000:] + walk.stderr[-2000:]
