"""What Kupuri needs of the machine itself: system packages on Debian and Ubuntu, and a display."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from environment import SetupError, exclusive, say

# What Qt's xcb platform and its fonts load at run time, on Debian 12 with PySide6 6.11.
WINDOW = (
    "fonts-dejavu-core libdbus-1-3 libegl1 libfontconfig1 libfreetype6 libgl1 libglib2.0-0 "
    "libx11-6 libx11-xcb1 libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 "
    "libxcb-randr0 libxcb-render-util0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1 "
    "libxcb-xfixes0 libxcb-xkb1 libxkbcommon-x11-0 libxkbcommon0"
).split()
TESTS = (
    *("at-spi2-core", "dbus", "gnome-keyring", "openbox", "x11-utils", "xdotool", "xvfb"),
    # Its window gives pictures by drag and takes them, as a browser's does.
    "pcmanfm",
    # They read what was exported.
    *("imagemagick", "librsvg2-bin", "poppler-utils"),
)
# Any of them serves. Ubuntu has no package of the first, and its build machines have the last.
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
BUILD = ("binutils",)
# Any of them tells Qt where to draw.
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def provide(packages: Iterable[str]) -> None:
    """Installs what is missing of `packages` where dpkg rules and we are root.

    Where we are not, raises SetupError with the exact line for the person to type; only in CI,
    where nobody would, it goes by sudo.
    """
    wanted = [*packages, *interpreter_packages()]
    if not wanted or not is_debian():
        return
    missing = sorted(set(wanted) - installed())
    if not missing:
        return
    line = f"apt-get install -y --no-install-recommends {' '.join(missing)}"
    if os.geteuid() != 0 and "CI" not in os.environ:
        raise SetupError(f"Some system packages are missing. Install them with: sudo {line}")
    with exclusive("the system packages"):
        if still := sorted(set(missing) - installed()):
            apt_get(still)


def browser_packages() -> list[str]:
    """The browser that tests drag out of, where there is none yet."""
    return [] if any(map(shutil.which, BROWSERS)) else [BROWSERS[0]]


def interpreter_packages() -> list[str]:
    """Debian cuts `ensurepip` out of its Python, without which no environment can be made."""
    if importlib.util.find_spec("ensurepip") is not None:
        return []
    if is_debian() and sys.base_prefix == "/usr":
        return [f"python{sys.version_info.major}.{sys.version_info.minor}-venv"]
    raise SetupError(
        "This Python has no `ensurepip` module, so no environment can be made with it. "
        "Install the venv and pip parts of Python, or start with a Python from python.org."
    )


def is_debian() -> bool:
    return sys.platform == "linux" and bool(shutil.which("dpkg-query") and shutil.which("apt-get"))


def installed() -> set[str]:
    """Names of the installed packages and of what they provide (Ubuntu renamed libglib2.0-0)."""
    form = "${db:Status-Status}\t${Package}, ${Provides}\n"
    listing = subprocess.run(
        ["dpkg-query", "-W", f"-f={form}"], capture_output=True, text=True, check=True
    ).stdout
    names: set[str] = set()
    for line in listing.splitlines():
        status, _, provided = line.partition("\t")
        if status == "installed":
            names.update(name.split(" (")[0].split(":")[0] for name in provided.split(", "))
    return names


def apt_get(packages: list[str]) -> None:
    """Installs `packages`, with a second and a third try since mirrors have bad moments."""
    say(f"installing {len(packages)} system packages ...")
    rights = [] if os.geteuid() == 0 else ["sudo", "--non-interactive", "--preserve-env"]
    quiet = [*rights, "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"]
    variables = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    steps = (["update"], ["install", "-y", "--no-install-recommends", *packages])
    for attempt in range(3):
        time.sleep(5 * attempt)
        answers = [
            subprocess.run([*quiet, *step], env=variables, capture_output=True, text=True)
            for step in steps
        ]
        if answers[-1].returncode == 0:
            return
    reason = (answers[-1].stderr or answers[-1].stdout).strip().splitlines()[-1:]
    raise SetupError(
        f"The system packages could not be installed ({' '.join(reason)}). "
        f"Try: apt-get update && apt-get install -y {' '.join(packages)}"
    )


def has_no_display() -> bool:
    """Whether Qt would find nowhere to open a window and abort."""
    return sys.platform == "linux" and not any(os.environ.get(name) for name in DISPLAYS)


@contextmanager
def virtual_display(size: str = "2880x1800x24") -> Iterator[dict[str, str]]:
    """An X server of our own on Linux, as the variables that lead to it; elsewhere none."""
    if sys.platform != "linux":
        yield {}
        return
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", size, "-nolisten", "tcp"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    try:
        with os.fdopen(reader) as answer:
            number = answer.readline().strip()
        if not number:
            raise SetupError("The virtual display (Xvfb) did not start.")
        yield {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"}
    finally:
        server.terminate()
        server.wait(10)
