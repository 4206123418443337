"""The list of backups: when, why, how large, whether they are whole, and going back to one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from kupuri_desktop.storage.backup_files import Backup, Reason
from kupuri_desktop.storage.backups import BackupReport
from kupuri_desktop.ui.theme import Look
from kupuri_desktop.ui.widgets.buttons import PillButton
from kupuri_desktop.ui.widgets.labels import label

_SHOWN = 8
REASONS: Mapping[Reason, str] = {
    Reason.AUTOMATIC: "automatic",
    Reason.MIGRATION: "before an update",
    Reason.RESTORE: "before going back",
    Reason.BY_HAND: "made by hand",
}


def size_words(size: int) -> str:
    """Bytes as people say them, in powers of ten."""
    value, unit = float(size), "bytes"
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if value < 1000 or unit == "TB":
            break
        value /= 1000
    return f"{value:.0f} {unit}" if unit == "bytes" else f"{value:.1f} {unit}"


def when(backup: Backup) -> str:
    """In the time zone of whoever looks."""
    return f"{backup.made.astimezone():%Y-%m-%d %H:%M}"


def verdict(backup: Backup, report: BackupReport | None) -> str:
    """Whether it is whole, as far as is known."""
    if report is None:
        lacks = f", {backup.missing} images are not in it" if backup.missing else ""
        return f"verified when it was made{lacks}"
    if report.good:
        return "verified just now: whole"
    if report.problems:
        return f"damaged: {report.problems[0]}"
    bad = len(report.missing) + len(report.damaged)
    return f"verified just now: {bad} images are missing or damaged"


class BackupList(QWidget):
    """Rows of backups, the newest first. Going back to one is confirmed in its row."""

    verify_asked = Signal(str)
    restore_asked = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._all = False
        self._backups: tuple[Backup, ...] = ()
        self._reports: dict[str, BackupReport] = {}
        self._asking = ""
        self.setObjectName("backup_list")
        self.setAccessibleName("Backups")
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_backups(self, backups: Sequence[Backup]) -> None:
        self._backups = tuple(backups)
        self._asking = ""
        self._refresh()

    def show_report(self, report: BackupReport) -> None:
        """What a look at every byte of one found."""
        self._reports[report.backup.id] = report
        self._refresh()

    def _refresh(self) -> None:
        while (taken := self._column.takeAt(0)) is not None:
            old = taken.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        shown = self._backups if self._all else self._backups[:_SHOWN]
        for number, backup in enumerate(shown):
            if number:
                line = QFrame()
                line.setProperty("line", True)
                line.setFixedHeight(1)
                self._column.addWidget(line)
            self._column.addWidget(self._row(backup))
        if not self._backups:
            none = label("There is no backup yet.", tone="second", name="backups_none")
            none.setContentsMargins(self._look.theme.space.l, 12, 0, 12)
            self._column.addWidget(none)
        if len(shown) < len(self._backups):
            more = PillButton(self._look, "backups_all", f"Show all {len(self._backups)}")
            more.clicked.connect(self._show_all)
            self._column.addWidget(more)

    def _row(self, backup: Backup) -> QWidget:
        space = self._look.theme.space
        row = QWidget()
        row.setObjectName(f"backup_{backup.id}")
        across = QHBoxLayout(row)
        across.setContentsMargins(space.l, space.s, space.l, space.s)
        across.setSpacing(space.s)
        text = QVBoxLayout()
        text.setSpacing(2)
        head = f"{when(backup)}, {REASONS[backup.reason]}"
        known = verdict(backup, self._reports.get(backup.id))
        images = "1 image" if backup.images == 1 else f"{backup.images} images"
        about = f"{size_words(backup.size)} and {images}, {known}"
        text.addWidget(label(head, weight="medium"))
        text.addWidget(label(about, tone="second", size="label", wrap=True, name="backup_about"))
        across.addLayout(text, 1)
        row.setAccessibleName(f"{head}, {about}")
        if self._asking == backup.id:
            sure = label("The present state is backed up first.", tone="second", wrap=True)
            text.addWidget(sure)
            yes = PillButton(self._look, "backup_confirm", "Go back to this", kind="primary")
            yes.clicked.connect(lambda: self.restore_asked.emit(backup.id))
            no = PillButton(self._look, "backup_keep", "Cancel", kind="quiet")
            no.clicked.connect(lambda: self._ask(""))
            across.addWidget(no)
            across.addWidget(yes)
        else:
            check = PillButton(self._look, "backup_verify", "Verify", kind="quiet")
            check.clicked.connect(lambda: self.verify_asked.emit(backup.id))
            restore = PillButton(self._look, "backup_restore", "Restore…")
            restore.clicked.connect(lambda: self._ask(backup.id))
            across.addWidget(check)
            across.addWidget(restore)
        return row

    def _ask(self, backup: str) -> None:
        self._asking = backup
        self._refresh()

    def _show_all(self) -> None:
        self._all = True
        self._refresh()


class BackupSection(QWidget):
    """The list with a button that makes another one."""

    make_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        space = look.theme.space
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.list = BackupList(look)
        row = QHBoxLayout()
        row.setContentsMargins(space.l, space.m, space.l, space.m)
        self._words = label(
            "Kupuri makes backups by itself while you work.", tone="second", size="label", wrap=True
        )
        self._words.setObjectName("backups_words")
        self._make = PillButton(look, "backup_make", "Back up now")
        self._make.clicked.connect(self.make_asked)
        row.addWidget(self._words, 1)
        row.addWidget(self._make)
        column.addLayout(row)
        column.addWidget(self.list)

    def show_making(self, fraction: float | None) -> None:
        """How far a backup is, 0 to 1; None: none is being made."""
        self._make.setEnabled(fraction is None)
        self._words.setText(
            "Kupuri makes backups by itself while you work."
            if fraction is None
            else f"Backing up: {round(fraction * 100)} %"
        )
