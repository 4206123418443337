"""What a person is told of data that a newer Kupuri wrote, and what they can do about it."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

import kupuri_desktop
from kupuri_desktop import __version__
from kupuri_desktop.storage.newer import Newer
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.labels import label

NO_EXPORT = (
    "Nothing can be exported from here: this version would have to guess what the newer one"
    " meant, and might leave out what it does not know."
)


def who_wrote(newer: Newer) -> str:
    """The versions and formats of both."""
    theirs = f"Kupuri {newer.version}" if newer.version else "A newer Kupuri"
    return (
        f"{theirs} wrote these data, in format {newer.schema}."
        f" This is Kupuri {__version__}, which reads formats up to {newer.known}."
    )


def how_to_update(package: Path, frozen: bool) -> str:
    """Where a newer Kupuri comes from, by how this one came. Kupuri itself asks nobody.

    package: the folder of the package. frozen: whether this is the bundled app.
    """
    quietly = "Kupuri does not look for it by itself."
    if frozen:
        return f"Get the newer app where you got this one, and put it in its place. {quietly}"
    tree = package.parent
    if (tree / "packaging" / "dev.py").is_file():
        return f"This one runs from {tree}: fetch the newer source there, then start it. {quietly}"
    return f"Install the newer version the way this one was installed. {quietly}"


def how_this_one_came() -> tuple[Path, bool]:
    """The folder of the package, and whether it is the bundled app's."""
    return Path(kupuri_desktop.__path__[0]), bool(getattr(sys, "frozen", False))


class NewerFacts(QWidget):
    """The facts as a few paragraphs, each with the question that it answers."""

    def __init__(self, look: Look, newer: Newer) -> None:
        super().__init__()
        self.setObjectName("newer_facts")
        self.setAccessibleName("About these data")
        space = look.theme.space
        column = QVBoxLayout(self)
        column.setContentsMargins(space.l, space.m, space.l, space.xs)
        column.setSpacing(space.xs)
        if newer.backups:
            backups = (
                "Those below can be opened by this version. Going back to one sets the newer data"
                " aside, whole; what was done since then is only there."
            )
        else:
            backups = "There is none that this version could open."
        for question, answer, name in (
            ("Who wrote it", who_wrote(newer), "newer_versions"),
            ("Where a newer Kupuri comes from", how_to_update(*how_this_one_came()), "newer_from"),
            ("Exporting", NO_EXPORT, "newer_export"),
            ("Backups", backups, "newer_backups"),
        ):
            column.addWidget(label(question, weight="medium"))
            column.addWidget(label(answer, tone="second", wrap=True, name=name))
            column.addSpacing(space.s)
