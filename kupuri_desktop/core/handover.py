"""What a second start says to the window that has the data folder open, and where it says it."""

import json
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

TAKEN = b"ok\n"
"""The answer of a window that has come to the front and opens what it was asked to."""

# Linux takes socket paths of up to 107 bytes, macOS of up to 103.
_LONGEST_SOCKET_PATH = 100


def opening_message(files: Sequence[str | Path]) -> bytes:
    """One line: come to the front and open these. Nothing else can be asked."""
    return json.dumps({"open": [os.path.abspath(file) for file in files]}).encode() + b"\n"


def socket_name(folder: Path) -> str:
    """The local socket of a data folder: in the folder where its path is short enough."""
    # The window's start needs it only after the first paint.
    import hashlib

    digest = hashlib.sha256(str(folder.absolute()).encode()).hexdigest()[:24]
    if sys.platform == "win32":
        return f"kupuri-{digest}"
    inside = str(folder.absolute() / "instance.socket")
    if len(os.fsencode(inside)) <= _LONGEST_SOCKET_PATH:
        return inside
    runtime = os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()
    return os.path.join(runtime, f"kupuri-{digest}.socket")
