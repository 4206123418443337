"""A display of its own with a window manager, and a real mouse in it."""

from __future__ import annotations

import ctypes
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0
"""Seconds until something that should happen counts as not happening."""

_MANAGER = Path(__file__).with_name("openbox.xml")
_LOOKS = 12
_BUSY = 1_000_000

_QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


@dataclass(frozen=True)
class Display:
    """An X server on which programs can be started and the pointer moved."""

    environment: dict[str, str]
    stack: ExitStack

    @property
    def name(self) -> str:
        return self.environment["DISPLAY"]

    def managed(self) -> bool:
        """Whether a window manager is there."""
        done = subprocess.run(
            ["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"],
            env=self.environment,
            capture_output=True,
            text=True,
        )
        return "window id" in done.stdout

    def search(self, title: str) -> list[str]:
        """The ids of the visible windows with exactly this title."""
        done = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--name", f"^{re.escape(title)}$"],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        return done.stdout.split()

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """A program that ends with the display."""
        return self.stack.enter_context(running(command, self.environment))

    def start_quiet(self, *command: str) -> subprocess.Popen[bytes]:
        """A program of others, whose complaints about a machine without a desktop say nothing."""
        return self.stack.enter_context(running(command, self.environment, **_QUIET))

    def manage(self) -> None:
        """Starts the window manager, once more where it does not come up."""
        for _ in range(3):
            manager = self.start_quiet("openbox", "--config-file", str(_MANAGER))
            end = time.monotonic() + PATIENCE / 2
            while manager.poll() is None and time.monotonic() < end:
                if self.managed():
                    return
                time.sleep(0.02)
            manager.terminate()
            manager.wait(10)
        raise AssertionError("no window manager came up")

    def python(self, script: Path, *arguments: str) -> subprocess.Popen[bytes]:
        return self.start(sys.executable, str(script), *arguments)

    def xdotool(self, *arguments: str) -> str:
        done = subprocess.run(
            ["xdotool", *arguments],
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=PATIENCE,
        )
        return done.stdout.strip()

    def click(self, at: tuple[int, int], *, times: int = 1) -> None:
        self.xdotool("mousemove", *_words(at), "click", "--repeat", str(times), "1")

    def drag(
        self,
        start: tuple[int, int],
        end: tuple[int, int],
        steps: int = 24,
        held: Sequence[str] = (),
    ) -> None:
        """Presses, moves in small steps as a hand does, and lets go; keys are held meanwhile."""
        for key in held:
            self.xdotool("keydown", key)
        self.press(start)
        self.glide(start, end, steps)
        self.xdotool("mouseup", "1")
        for key in held:
            self.xdotool("keyup", key)

    def press(self, at: tuple[int, int]) -> None:
        self.xdotool("mousemove", *_words(at), "mousedown", "1")

    def carry(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Drags from program to program: moves to and fro over the place until the first one has

        begun its drag, and some more for them to agree on it, which they do at each move.
        """
        aside = (end[0] + 8, end[1])

        def begun() -> bool:
            self.glide(end, aside, steps=4, pace=0.01)
            self.glide(aside, end, steps=4, pace=0.01)
            return self.drags()

        self.press(start)
        self.glide(start, end, steps=40, pace=0.01)
        wait_for(begun, "the beginning of the drag")
        for _ in range(10):
            begun()
        self.xdotool("mouseup", "1")

    def drags(self) -> bool:
        """Whether a program has offered something by drag and drop, on this display, so far.

        https://www.freedesktop.org/wiki/Specifications/XDND/ names the selection.
        """
        x11 = ctypes.CDLL("libX11.so.6")
        x11.XOpenDisplay.restype = ctypes.c_void_p
        server = ctypes.c_void_p(x11.XOpenDisplay(self.name.encode()))
        selection = x11.XInternAtom(server, b"XdndSelection", 0)
        owned = bool(x11.XGetSelectionOwner(server, ctypes.c_ulong(selection)))
        x11.XCloseDisplay(server)
        return owned

    def glide(
        self,
        start: tuple[int, int],
        end: tuple[int, int],
        steps: int = 24,
        pace: float = 0.0,
    ) -> None:
        """Each step waits until the pointer is there, and takes `pace` seconds more."""
        way = [
            (start[0] + (end[0] - start[0]) * step // steps,
             start[1] + (end[1] - start[1]) * step // steps)
            for step in range(steps + 1)
        ]  # fmt: skip
        # xdotool waits for ever for a pointer that is there already.
        moves = [at for before, at in pairwise(way) if at != before]
        rest = ("sleep", str(pace)) if pace else ()
        self.xdotool(
            *(word for at in moves for word in ("mousemove", "--sync", *_words(at), *rest))
        )


def _words(at: tuple[int, int]) -> tuple[str, str]:
    return str(at[0]), str(at[1])


def wait_for(happened: Callable[[], object], what: str) -> None:
    """Looks again and again. Raises AssertionError when patience ends."""
    end = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < end, f"{what} did not happen"
        time.sleep(0.02)


def settle(process: subprocess.Popen[bytes]) -> None:
    """Waits until a program has done what it was about: all its threads sleep, and go on so.

    A program that is still loading answers no drag in the time that others give it.
    """
    calm = [_used(process.pid)]

    def rests() -> bool:
        calm.append(_used(process.pid))
        time.sleep(0.05)
        last = calm[-_LOOKS:]
        return len(last) == _LOOKS and max(last) - min(last) <= _LOOKS // 4

    wait_for(rests, "the program's rest")


def _used(pid: int) -> int:
    """Ticks of the processor that a process used; far more than ever where it wants one now."""
    used = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        try:
            fields = (thread / "stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        used += int(fields[11]) + int(fields[12]) + (_BUSY if fields[0] == "R" else 0)
    return used


@contextmanager
def running(
    command: Sequence[str], environment: dict[str, str], **more: object
) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(command, env=environment, **more)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def display(width: int = 1400, height: int = 700) -> Iterator[Display]:
    """An Xvfb on a free number with openbox in it; all ends with the block."""
    with ExitStack() as stack:
        reading, writing = os.pipe()
        server = ("Xvfb", "-displayfd", str(writing), "-screen", "0", f"{width}x{height}x24",
                  "-nolisten", "tcp")  # fmt: skip
        stack.enter_context(
            running(server, dict(os.environ), pass_fds=(writing,), stderr=subprocess.DEVNULL)
        )
        os.close(writing)
        with os.fdopen(reading) as pipe:
            number = pipe.readline().strip()
        environment = dict(os.environ) | {
            "DISPLAY": f":{number}",
            "QT_QPA_PLATFORM": "xcb",
            "PYTHONPATH": str(ROOT),
        }
        environment.pop("WAYLAND_DISPLAY", None)
        made = Display(environment, stack)
        made.manage()
        yield made
