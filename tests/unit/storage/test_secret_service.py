"""Keys in a real Secret Service, on a bus and in a home that nobody else has."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.unit.storage.secret_service import KEY

ROOT = Path(__file__).parents[3]

BUS = """
<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""
"""Starts nothing by itself: no prompt for a password, no keyring of the person's own."""


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = tmp_path_factory.mktemp("home")
    home.chmod(0o700)
    bus = home / "bus.conf"
    bus.write_text(BUS.format(folder=home))
    environment = {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "XDG_DATA_HOME": str(home / "data"),
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "LANG": "C.UTF-8",
    }
    program = [sys.executable, "-m", "tests.unit.storage.secret_service"]
    done = subprocess.run(
        ["dbus-run-session", f"--config-file={bus}", "--", *program],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    on_disk = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert KEY.encode() not in on_disk, "what is on the disk is encrypted"
    return found


def test_a_key_is_stored_and_read_by_every_later_life(said):
    assert said["status"] == [True, "SecretService Keyring"]
    assert said["read by another life"] == KEY
    assert said["read after a restart"] == KEY
    assert said["what is not there"] is None


def test_a_deleted_key_is_gone(said):
    assert said["still there"] == KEY, "a locked keyring loses nothing"
    assert said["deleted"] is None


def test_a_locked_keyring_is_told_as_such_and_the_key_is_kept_until_the_end(said):
    assert said["locked status"] == [False, "The keyring is locked."]
    assert said["locked get"] is None
    message, hint, kept = said["locked set"]
    assert message == "The keyring is locked."
    assert "Unlock" in hint
    assert "never written to a file" in kept
    assert said["kept for now"] == "for now"
    assert said["locked delete"][0] == "The keyring is locked."


def test_a_system_without_the_service_is_told_as_well(said):
    ok, message = said["no service"]
    assert not ok
    assert "no keyring" in message
