"""What every test of the window shares: its look, its tasks, and that nothing is left behind."""

import asyncio
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.ui.tasks import Tasks
from kupuri_desktop.ui.theme import Look
from tests.tidiness import tidy

__all__ = ["tidy"]


@pytest.fixture
def look(qapp: QApplication) -> Iterator[Look]:
    """The dark theme without motion, so that a click has its effect at once."""
    look = Look(qapp, "dark", reduce_motion=True)
    yield look
    qapp.styleHints().colorSchemeChanged.disconnect(look._follow_system)


class Reports:
    """Collects what tasks report, in place of the notice bar and the crash dialog."""

    def __init__(self) -> None:
        self.errors: list[KupuriError] = []
        self.crashes: list[BaseException] = []


@pytest.fixture
def reports() -> Iterator[Reports]:
    """The test fails if a task crashed and the test did not take the crash off the list."""
    reports = Reports()
    yield reports
    assert reports.crashes == []


@pytest.fixture
async def tasks(reports: Reports) -> Tasks:
    """The bridge on the test's own loop."""
    return Tasks(asyncio.get_running_loop(), reports.errors.append, reports.crashes.append)
