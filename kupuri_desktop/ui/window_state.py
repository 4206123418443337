"""The place of the window, kept in a tiny file that is read before the database is open."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from kupuri_desktop.ui.theme import ThemeChoice


class WindowState(NamedTuple):
    """Where the window was and how it looked; losing it costs nothing.

    geometry: Qt's own bytes as hexadecimal digits. dock: the chat's width in logical pixels.
    export: what was exported last, and how, as JSON.
    (No dataclass: this is read before the first paint, and dataclasses take their time.)
    """

    geometry: str = ""
    dock: int = 380
    chat_shown: bool = True
    theme: ThemeChoice = "dark"
    reduce_motion: bool = False
    export: str = ""
    layers_shown: bool = False
    inspector_shown: bool = False
    minimap_shown: bool = True
    grid_snaps: bool = False

    @classmethod
    def read(cls, file: Path) -> WindowState:
        """What was written last; the defaults where that is missing or unreadable."""
        try:
            data: Any = json.loads(file.read_bytes())
        except (OSError, ValueError):
            return cls()
        if not isinstance(data, dict):
            return cls()
        default = cls()
        known = {
            name: data[name]
            for name in cls._fields
            if isinstance(data.get(name), type(getattr(default, name)))
        }
        state = cls(**known)
        return state if state.theme in ("dark", "light", "system") else default

    def write(self, file: Path) -> None:
        """Write it; a folder that cannot be written keeps what it has."""
        try:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            temporary = file.with_suffix(".new")
            temporary.write_text(json.dumps(self._asdict()), encoding="utf-8")
            temporary.replace(file)
        except OSError:
            return
