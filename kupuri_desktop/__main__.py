"""Chooses the face: a command works without a display, anything else opens the window."""

import gc
import os
import sys
from collections.abc import Sequence

from kupuri_desktop.cli.commands import Window, has_display, window_in


def main(argv: Sequence[str] | None = None) -> int:
    """Returns the exit code; nothing heavy is imported before the face is chosen."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    if arguments == ["--version"]:
        from kupuri_desktop import __version__

        print(f"kupuri {__version__}")
        return 0
    wanted = window_in(arguments)
    if wanted is None:
        from kupuri_desktop.cli.main import main as command

        return command(arguments)
    if wanted.unknown:
        print(f"kupuri: There is no option {wanted.unknown}; see kupuri --help.", file=sys.stderr)
        return 2
    if sys.platform.startswith("linux") and not has_display(os.environ):
        print(
            "kupuri: There is no display for the window. "
            'Without one, use for example: kupuri generate "a sunset landscape" --direct',
            file=sys.stderr,
        )
        return 1
    return _open_window(wanted)


def _open_window(wanted: Window) -> int:
    # Imports make objects that stay; to look through them for garbage, again and again, would
    # cost a tenth of the start. It begins when home is in sight.
    gc.disable()
    from kupuri_desktop.core.paths import DataFolder
    from kupuri_desktop.ui.application import run

    return run(DataFolder.choose(wanted.data, os.environ), wanted.files, os.environ)


if __name__ == "__main__":
    sys.exit(main())
