"""The place of the window, kept in a tiny file that is read before the database is open."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from kupuri_desktop.ui.theme import ThemeChoice


@dataclass(frozen=True, slots=True)
class WindowState:
    """Where the window was and how it looked; losing it costs nothing.

    geometry: Qt's own bytes as hexadecimal digits. dock: the chat's width in logical pixels.
    """

    geometry: str = ""
    dock: int = 380
    chat_shown: bool = True
    theme: ThemeChoice = "dark"
    reduce_motion: bool = False

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
            field.name: data[field.name]
            for field in fields(cls)
            if isinstance(data.get(field.name), type(getattr(default, field.name)))
        }
        state = cls(**known)
        return state if state.theme in ("dark", "light", "system") else default

    def write(self, file: Path) -> None:
        """Write it; a folder that cannot be written keeps what it has."""
        try:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            temporary = file.with_suffix(".new")
            temporary.write_text(json.dumps(asdict(self)), encoding="utf-8")
            temporary.replace(file)
        except OSError:
            return
