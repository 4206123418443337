"""Tells commands from files on the command line, before anything heavy is imported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

COMMANDS = ("generate", "doctor", "projects", "export", "import", "backup")
DATA = "--data"
_TOP = ("-h", "--help", "--version")


@dataclass(frozen=True, slots=True)
class Window:
    """What the window is to be opened with. `unknown` is an option that nobody knows."""

    data: str | None = None
    files: tuple[str, ...] = ()
    unknown: str = ""


def window_in(argv: Sequence[str]) -> Window | None:
    """What the window is to show; None where the words are for the headless face.

    A file that is named as a command is opened as `./generate`, or behind `--`.
    """
    data: str | None = None
    files: list[str] = []
    words = iter(argv)
    for word in words:
        if word == "--":
            files += words
        elif word == DATA:
            data = next(words, None)
            if data is None:
                return None
        elif word.startswith(DATA + "="):
            data = word.removeprefix(DATA + "=")
        elif word in _TOP or (word in COMMANDS and not files):
            return None
        elif word.startswith("-") and word != "-":
            return Window(data, tuple(files), unknown=word)
        else:
            files.append(word)
    return Window(data, tuple(files))


def command_in(argv: Sequence[str]) -> str | None:
    """The command that the arguments name, if any: their first word that is no option."""
    words = iter(argv)
    for word in words:
        if word == DATA:
            next(words, None)
        elif not word.startswith("-"):
            return word if word in COMMANDS else None
    return None


def has_display(environment: Mapping[str, str]) -> bool:
    """Whether Qt finds a screen on Linux: X11, Wayland, or a platform that was chosen."""
    return any(environment.get(n) for n in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))
