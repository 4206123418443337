"""Tasks belong to a Qt object, end with it, and none of their errors is lost."""

import asyncio

import pytest
from PySide6.QtCore import QObject
from shiboken6 import Shiboken

from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.ui.tasks import Tasks
from tests.ui.conftest import Reports


async def test_a_task_gives_its_result_and_is_forgotten(tasks: Tasks) -> None:
    async def work() -> int:
        return 7

    owner = QObject()
    assert await tasks.spawn(work(), owner) == 7
    await asyncio.sleep(0)
    assert tasks.running() == 0


async def test_a_task_is_cancelled_when_its_owner_is_destroyed(tasks: Tasks) -> None:
    owner = QObject()
    task = tasks.spawn(asyncio.sleep(3600), owner)
    await asyncio.sleep(0)
    Shiboken.delete(owner)
    with pytest.raises(asyncio.CancelledError):
        await task
    assert tasks.running() == 0


async def test_an_error_for_people_goes_to_the_notices(tasks: Tasks, reports: Reports) -> None:
    async def work() -> None:
        raise KupuriError("The disk is full.")

    owner = QObject()
    await asyncio.wait([tasks.spawn(work(), owner)])
    await asyncio.sleep(0)
    assert [error.message for error in reports.errors] == ["The disk is full."]


async def test_an_error_is_shown_in_place_where_the_spawner_asks_for_it(
    tasks: Tasks, reports: Reports
) -> None:
    async def work() -> None:
        raise KupuriError("No such model.")

    owner = QObject()
    here: list[KupuriError] = []
    await asyncio.wait([tasks.spawn(work(), owner, on_error=here.append)])
    await asyncio.sleep(0)
    assert [error.message for error in here] == ["No such model."]
    assert reports.errors == []


@pytest.mark.logs("A task failed")
async def test_any_other_error_is_a_crash(tasks: Tasks, reports: Reports) -> None:
    async def work() -> None:
        raise ZeroDivisionError

    owner = QObject()
    await asyncio.wait([tasks.spawn(work(), owner)])
    await asyncio.sleep(0)
    assert [type(error) for error in reports.crashes] == [ZeroDivisionError]
    reports.crashes.clear()


async def test_errors_of_a_group_are_reported_one_by_one(tasks: Tasks, reports: Reports) -> None:
    async def fail(words: str) -> None:
        raise KupuriError(words)

    async def work() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail("one"))
            group.create_task(fail("two"))

    owner = QObject()
    await asyncio.wait([tasks.spawn(work(), owner)])
    await asyncio.sleep(0)
    assert sorted(error.message for error in reports.errors) == ["one", "two"]


async def test_closing_ends_every_task(tasks: Tasks) -> None:
    owner = QObject()
    started = [tasks.spawn(asyncio.sleep(3600), owner) for _ in range(5)]
    await asyncio.sleep(0)
    await tasks.aclose()
    assert all(task.cancelled() for task in started)
    assert tasks.running() == 0
