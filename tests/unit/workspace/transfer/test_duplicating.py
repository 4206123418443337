"""A second project of one that is here: all of it, apart from it, and not its bytes again."""

from dataclasses import replace

import pytest

from kupuri_desktop.core.errors import KupuriError
from kupuri_desktop.core.items import ImageItem
from kupuri_desktop.storage import adoption
from kupuri_desktop.storage.store import Storage
from kupuri_desktop.workspace.projects import Projects
from kupuri_desktop.workspace.transfer.transfer import Transfer
from tests.unit.workspace.transfer.conftest import Counted
from tests.unit.workspace.transfer.makers import Filled, fill


@pytest.fixture
async def filled(storage: Storage) -> Filled:
    return await fill(storage)


@pytest.fixture
def projects(storage: Storage, transfer: Transfer) -> Projects:
    return Projects(storage.canvases, storage.assets, lambda: transfer)


async def test_a_duplicate_has_all_of_the_project_and_stores_no_image_again(
    storage: Storage, projects: Projects, filled: Filled, counted: Counted
) -> None:
    before = await counted()
    made = await projects.duplicate(filled.project.id)
    after = await counted()
    assert (after["asset"], after["original"]) == (before["asset"], before["original"])
    for table in ("project", "item", "session", "message", "job"):
        assert after[table] == 2 * before[table], table
    assert (made.name, made.text_model) == ("Harbour copy", filled.project.text_model)
    first = (await storage.canvases.load(filled.project.id)).items
    second = (await storage.canvases.load(made.id)).items
    assert not {item.id for item in first} & {item.id for item in second}

    def seen(items) -> list:
        own = {"id": "", "frame": None, "group": None, "making": None}
        own |= {"start_item": None, "end_item": None}
        return [
            replace(item, **{k: v for k, v in own.items() if hasattr(item, k)})
            for item in sorted(items, key=lambda item: (item.kind, item.x, item.y))
        ]

    assert seen(second) == seen(first)
    [image] = [item for item in second if isinstance(item, ImageItem) and item.making is not None]
    assert image.making is not None
    job = await storage.jobs.get(image.making.job)
    assert job is not None
    assert job.project == made.id
    assert job.item == image.id
    assert job.request.source is not None
    old = await storage.jobs.get(filled.job)
    assert old is not None
    assert old.project == filled.project.id
    assert job.request.source == old.request.source


async def test_what_happens_to_one_does_not_happen_to_the_other(
    storage: Storage, projects: Projects, filled: Filled
) -> None:
    made = await projects.duplicate(filled.project.id)
    await projects.rename(made.id, "Other")
    await projects.trash(filled.project.id)
    assert [each.name for each in await projects.list()] == ["Other"]
    [image, *_] = [
        item for item in (await storage.canvases.load(made.id)).items if isinstance(item, ImageItem)
    ]
    assert await storage.assets.data(image.asset)


async def test_copies_of_copies_are_counted(projects: Projects, filled: Filled) -> None:
    names = [(await projects.duplicate(filled.project.id)).name for _ in range(3)]
    assert names == ["Harbour copy", "Harbour copy 2", "Harbour copy 3"]


async def test_a_duplicate_that_cannot_be_finished_is_not_there_at_all(
    projects: Projects, filled: Filled, counted: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await counted()

    def fail(*_: object) -> None:
        raise KupuriError("No room.")

    monkeypatch.setattr(adoption, "_store_job", fail)
    with pytest.raises(KupuriError, match="No room"):
        await projects.duplicate(filled.project.id)
    assert await counted() == before
