"""Projects and canvases: what comes back is what was put in, undo list and all."""

from dataclasses import replace
from typing import Any

import peewee
import pytest

from kupuri_desktop.core.canvas import Canvas
from kupuri_desktop.core.edits import Actor, Change
from kupuri_desktop.core.errors import NotFound, Problem
from kupuri_desktop.core.items import FrameItem, LineItem, NoteItem, StrokeItem, TextItem
from kupuri_desktop.core.models import ModelRef
from kupuri_desktop.core.projects import Project
from kupuri_desktop.storage import garbage, history
from tests.durability import specimen
from tests.unit.storage.samples import image_item, png


async def opened(storage, project) -> Canvas:
    return await specimen.opened(storage, project.id)


async def same_as_stored(storage, project, canvas: Canvas) -> None:
    await storage.database.saved()
    state = await storage.canvases.load(project.id)
    assert {item.id: item for item in state.items} == dict(canvas.items)
    assert state.done == tuple(canvas._done)
    assert state.undone == tuple(canvas._undone)


async def test_a_project_comes_back_as_it_was_made(storage):
    made = Project(name="Ärger & Co", starred=True, text_model=ModelRef("ollama", "qwen3:8b"))
    assert await storage.canvases.create(made) == made
    assert await storage.canvases.get(made.id) == made


async def test_changing_a_project_changes_what_is_given_alone(storage, project):
    changed = await storage.canvases.change(project.id, image_model=ModelRef("comfyui", "flux"))
    assert changed.name == project.name
    assert changed.image_model == ModelRef("comfyui", "flux")
    assert (await storage.canvases.change(project.id, image_model=None)).image_model is None
    assert (await storage.canvases.change(project.id, name="New", starred=True)).starred


async def test_the_most_lately_changed_project_comes_first(storage, project):
    other = await storage.canvases.create(Project(name="Other"))
    await storage.canvases.change(project.id, starred=True)
    assert [found.id for found in await storage.canvases.list()] == [project.id, other.id]


async def test_a_project_in_the_trash_can_be_restored(storage, project):
    await storage.canvases.trash(project.id)
    assert await storage.canvases.list() == []
    (thrown,) = await storage.canvases.list(trashed=True)
    assert thrown.trashed is not None
    await storage.canvases.restore(project.id)
    assert [found.id for found in await storage.canvases.list()] == [project.id]


@pytest.mark.parametrize(
    "call",
    [
        lambda canvases: canvases.get("nowhere"),
        lambda canvases: canvases.load("nowhere"),
        lambda canvases: canvases.change("nowhere", name="x"),
        lambda canvases: canvases.trash("nowhere"),
        lambda canvases: canvases.restore("nowhere"),
    ],
)
async def test_a_project_that_is_not_there_is_said_to_be_gone(storage, call):
    with pytest.raises(NotFound):
        await call(storage.canvases)


async def test_every_kind_of_item_comes_back_as_it_was_put(storage, project):
    canvas = await opened(storage, project)
    place: dict[str, Any] = {"x": 1.25, "y": -2.5, "width": 10.0, "height": 20.0}
    canvas.add(
        "Add",
        [
            image_item("i", "a" * 64, crop=None, flip_x=True, name="🌇"),
            TextItem(id="t", text="Größe\n“x”", **place),
            NoteItem(id="n", text="", **place),
            LineItem(id="l", end=(3.5, 4.25), end_item="i", **place),
            StrokeItem(id="s", points=((0.0, 1.0, 0.5), (2.0, 3.0, 1.0)), **place),
            FrameItem(id="f", background=None, **place),
        ],
        actor=Actor.AGENT,
        run="run",
    )
    await same_as_stored(storage, project, canvas)


async def test_undo_redo_and_the_branch_they_leave_survive_a_restart(open_storage):
    storage = await open_storage()
    project = await storage.canvases.create(Project())
    canvas = await opened(storage, project)
    canvas.add("Add", [image_item("a", "1" * 64), image_item("b", "2" * 64)])
    canvas.apply("Move", {"a": replace(canvas.items["a"], x=5.0)})
    canvas.delete(["b"])
    canvas.undo()
    canvas.undo()
    await same_as_stored(storage, project, canvas)
    await storage.aclose()
    storage = await open_storage()
    again = await opened(storage, project)
    assert (again.undo_label, again.redo_label) == ("Add", "Move")
    again.redo()
    again.redo()
    assert set(again.items) == {"a"}
    assert again.items["a"].x == 5.0
    again.undo()
    again.apply("Turn", {"b": replace(again.items["b"], rotation=90.0)})
    assert again.redo_label is None
    await same_as_stored(storage, project, again)


async def test_a_run_can_be_taken_back_after_a_restart(open_storage):
    storage = await open_storage()
    project = await storage.canvases.create(Project())
    canvas = await opened(storage, project)
    canvas.add("Add", [image_item("a", "1" * 64)])
    canvas.add("Generate", [image_item("b", "2" * 64)], actor=Actor.AGENT, run="r")
    await storage.aclose()
    storage = await open_storage()
    again = await opened(storage, project)
    assert again.can_revert("r")
    again.revert("r")
    assert set(again.items) == {"a"}
    await same_as_stored(storage, project, again)


async def test_what_was_deleted_lies_in_the_trash_until_it_is_back(storage, project):
    canvas = await opened(storage, project)
    item = image_item("a", "1" * 64)
    canvas.add("Add", [item])
    canvas.delete(["a"])
    await storage.database.saved()
    assert await storage.canvases.trashed_items(project.id) == [item]
    canvas.add("Restore", [item])
    await storage.database.saved()
    assert await storage.canvases.trashed_items(project.id) == []


async def test_the_cover_is_the_newest_image_and_images_are_counted(storage, project):
    first = await storage.assets.add(png(colour="red"))
    second = await storage.assets.add(png(colour="blue"))
    canvas = await opened(storage, project)
    canvas.add("Add", [image_item("a", first.id)])
    canvas.add("Add", [image_item("b", second.id)])
    canvas.apply("Move", {"a": replace(canvas.items["a"], x=7.0)})
    await storage.database.saved()
    found = await storage.canvases.get(project.id)
    assert (found.cover, found.images) == (second.id, 2)
    assert found.changed >= project.changed


async def test_an_item_may_have_the_same_id_in_two_projects(storage, project):
    other = await storage.canvases.create(Project())
    for owner, x in ((project, 1.0), (other, 2.0)):
        (await opened(storage, owner)).add("Add", [image_item("same", "1" * 64, x=x)])
    await storage.database.saved()
    assert (await storage.canvases.load(project.id)).items[0].x == 1.0
    assert (await storage.canvases.load(other.id)).items[0].x == 2.0


async def test_a_change_written_twice_is_the_same_as_once(storage, project):
    canvas = await opened(storage, project)
    changes: list[Change] = []
    canvas.changed.connect(changes.append)
    canvas.add("Add", [image_item("a", "1" * 64)])
    canvas.apply("Move", {"a": replace(canvas.items["a"], x=5.0)})
    storage.canvases.record(project.id, changes[-1])
    await same_as_stored(storage, project, canvas)


async def test_a_step_that_grew_is_undone_as_a_whole_after_a_restart(storage, project):
    canvas = await opened(storage, project)
    canvas.add("Add", [image_item("a", "1" * 64)])
    changes: list[Change] = []
    canvas.changed.connect(changes.append)
    for x in (1.0, 2.0, 3.0):
        canvas.apply("Nudge image", {"a": replace(canvas.items["a"], x=x)}, join=True)
    storage.canvases.record(project.id, changes[-1])
    await same_as_stored(storage, project, canvas)
    again = await opened(storage, project)
    assert again.undo_label == "Nudge image"
    again.undo()
    assert again.items["a"].x == 0
    again.undo()
    assert not again.items


async def test_only_the_newest_steps_are_loaded_and_the_rest_is_forgotten(
    storage, project, monkeypatch
):
    monkeypatch.setattr(history, "MOST_STEPS", 5)
    canvas = await opened(storage, project)
    canvas.add("Add", [image_item("a", "1" * 64)])
    for number in range(10):
        canvas.apply(f"Move {number}", {"a": replace(canvas.items["a"], x=number + 1.0)})
    await storage.database.saved()
    state = await storage.canvases.load(project.id)
    assert [step.label for step in state.done] == [f"Move {number}" for number in range(5, 10)]
    await garbage.prune_history(storage.database)

    def count(database: peewee.Database) -> int:
        return database.execute_sql("SELECT count(*) FROM step").fetchone()[0]

    assert await storage.database.read(count) == 5


async def test_an_item_that_changed_on_the_disk_is_shown_and_told(storage, project):
    canvas = await opened(storage, project)
    canvas.add("Add", [image_item("a", "1" * 64), image_item("b", "2" * 64)])
    await storage.database.saved()
    await storage.database.write(
        lambda database: database.execute_sql(
            "UPDATE item SET body = replace(body, '40.0', '41.0') WHERE id = 'a'"
        )
    )
    told: list[Problem] = []
    storage.database.damage_found.connect(told.append)
    state = await storage.canvases.load(project.id)
    await storage.database.saved()
    assert len(state.items) == 2
    assert [problem.kind for problem in told] == ["DatabaseDamaged"]


async def test_an_item_that_cannot_be_read_does_not_keep_the_others_away(storage, project):
    canvas = await opened(storage, project)
    canvas.add("Add", [image_item("a", "1" * 64), image_item("b", "2" * 64)])
    await storage.database.saved()
    await storage.database.write(
        lambda database: database.execute_sql("UPDATE item SET body = '{' WHERE id = 'a'")
    )
    told: list[Problem] = []
    storage.database.damage_found.connect(told.append)
    state = await storage.canvases.load(project.id)
    await storage.database.saved()
    assert [item.id for item in state.items] == ["b"]
    assert told
