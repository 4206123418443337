"""A project out into a `.kupuri` file and in again."""

import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

import pytest
from PIL import Image

from kupuri_desktop.core.assets import asset_id
from kupuri_desktop.core.chat import (
    ErrorPart,
    ImagePart,
    Message,
    MessageState,
    Role,
    Session,
    TextPart,
    ToolCallPart,
    ToolState,
)
from kupuri_desktop.core.errors import Conflict, HostileFile, KupuriError, NotFound, ReadOnly
from kupuri_desktop.core.generation import JobState
from kupuri_desktop.core.items import FrameItem, ImageItem, LineItem, TextItem, kind_of
from kupuri_desktop.core.palette import Palette
from kupuri_desktop.core.projects import Project
from kupuri_desktop.storage.adoption import Arrival
from kupuri_desktop.storage.store import Storage
from kupuri_desktop.workspace.transfer import bounds
from kupuri_desktop.workspace.transfer.transfer import Exported, Transfer
from tests.unit.storage.samples import png
from tests.unit.workspace.transfer.makers import THEN, Filled, fill


@pytest.fixture
async def filled(storage: Storage) -> Filled:
    return await fill(storage)


@pytest.fixture
async def bundle(transfer: Transfer, filled: Filled, tmp_path: Path) -> Path:
    exported = await transfer.export(filled.project, tmp_path / "a.kupuri", lambda fraction: None)
    return exported.path


async def items_of(storage: Storage, project: str) -> dict[str, Any]:
    """By kind, the two images as `first` and `second`."""
    state = await storage.canvases.load(project)
    found: dict[str, Any] = {
        kind_of(item): item for item in state.items if not isinstance(item, ImageItem)
    }
    images = sorted((i for i in state.items if isinstance(i, ImageItem)), key=lambda i: i.x)
    return found | dict(zip(("first", "second"), images, strict=True))


async def test_all_of_a_project_comes_back_under_new_ids(storage, filled, bundle, take_in):
    imported = await take_in(bundle)
    (taken,) = imported.projects
    assert imported.untaken == ()
    assert (taken.name, taken.items, taken.assets, taken.sessions) == ("Harbour", 7, 2, 1)
    items = await items_of(storage, taken.id)
    assert len(items) == 7
    for name, item in items.items():
        before = filled.items[name]
        assert item.id != before.id
        same = replace(item, id=before.id, group=before.group, frame=before.frame)
        if isinstance(same, ImageItem) and isinstance(before, ImageItem):
            same = replace(same, making=before.making)
        if isinstance(same, LineItem) and isinstance(before, LineItem):
            same = replace(same, start_item=before.start_item, end_item=before.end_item)
        assert same == before


async def test_the_saved_colours_come_along_in_their_order(transfer, storage, take_in, tmp_path):
    project = await storage.canvases.create(Project(name="Colours"))
    palette = Palette().added("#ff6b4a", "Größe").added("#12345680")
    storage.palettes.keep(project.id, palette)
    exported = await transfer.export(project, tmp_path / "c.kupuri", lambda fraction: None)
    (taken,) = (await take_in(exported.path)).projects
    assert await storage.palettes.load(taken.id) == palette


async def test_what_names_something_follows_it(storage, filled, bundle, take_in):
    (taken,) = (await take_in(bundle)).projects
    items = await items_of(storage, taken.id)
    (session,) = await storage.chats.sessions(taken.id)
    messages = await storage.chats.messages(session.id)
    second = items["second"]
    assert items["first"].frame == items["frame"].id
    assert second.group == items["text"].group not in (None, filled.items["text"].group)
    assert items["line"].start_item == items["first"].id
    assert items["line"].end_item == second.id
    assert second.making.parents == (items["first"].id,)
    assert second.making.session == session.id
    assert second.making.run == messages[1].run not in (None, filled.run)
    assert messages[0].parts[1] == ImagePart(items["first"].asset, items["first"].id)
    call = messages[1].parts[2]
    assert call.items == (second.id,)
    assert call.arguments == {"source": f"i{items['first'].id[:8]}", "n": 1}
    assert call.result == f"Made i{second.id[:8]} from {items['first'].id}; i0000 stays."


async def test_the_job_of_an_image_comes_with_its_workflow_and_its_source(
    storage, filled, bundle, take_in
):
    (taken,) = (await take_in(bundle)).projects
    second = (await items_of(storage, taken.id))["second"]
    before, job = await storage.jobs.get(filled.job), await storage.jobs.get(second.making.job)
    assert job.id == job.request.job_id != filled.job
    assert (job.project, job.item, job.state) == (taken.id, second.id, JobState.COLLECTED)
    assert job.request == replace(before.request, job_id=job.id)
    assert job.request.source.data
    assert job.workflow == before.workflow
    assert (job.run, job.session) == (second.making.run, second.making.session)


async def test_messages_come_back_in_order_closed_and_unable_to_act(
    storage, filled, bundle, take_in
):
    (taken,) = (await take_in(bundle)).projects
    (session,) = await storage.chats.sessions(taken.id)
    (old,) = await storage.chats.sessions(filled.project.id)
    assert (session.name, session.created, session.changed) == ("Dusk", THEN, old.changed)
    asked, answer, cut = await storage.chats.messages(session.id)
    before = await storage.chats.messages(filled.session)
    assert {m.id for m in (asked, answer, cut)}.isdisjoint(m.id for m in before)
    assert (asked.role, asked.text, asked.created) == (Role.USER, "Make it dusk", THEN)
    assert (answer.model, answer.usage) == (before[1].model, before[1].usage)
    assert answer.parts[:2] == before[1].parts[:2]
    (error,) = (part for part in answer.parts if isinstance(part, ErrorPart))
    assert (error.problem.message, error.problem.action) == ("It is busy.", None)
    assert cut.state is MessageState.INTERRUPTED
    (call,) = (part for part in cut.parts if isinstance(part, ToolCallPart))
    assert call.state is ToolState.CANCELLED


async def test_history_trash_models_and_stars_stay_where_they_are(storage, filled, bundle, take_in):
    await storage.canvases.change(filled.project.id, starred=True)
    (taken,) = (await take_in(bundle)).projects
    state = await storage.canvases.load(taken.id)
    assert (state.done, state.undone) == ((), ())
    assert await storage.canvases.trashed_items(taken.id) == []
    project = await storage.canvases.get(taken.id)
    assert (project.starred, project.text_model, project.created) == (False, None, THEN)
    assert (await storage.canvases.list())[0].id == taken.id


async def test_the_same_file_twice_gives_two_projects_and_no_image_twice(
    storage, filled, bundle, take_in, counted
):
    before = await counted()
    first, second = [(await take_in(bundle)).projects[0] for _ in range(2)]
    after = await counted()
    assert first.id != second.id
    assert (after["project"], after["asset"]) == (before["project"] + 2, before["asset"])


async def test_what_came_in_is_found_and_whole(storage, bundle, take_in):
    (taken,) = (await take_in(bundle)).projects
    found = [hit for hit in await storage.search.find("dusk") if hit.project == taken.id]
    assert {hit.kind for hit in found} >= {"item", "message", "session"}
    assert await storage.assets.verify() == []
    damage: list[Any] = []
    storage.database.damage_found.connect(damage.append)
    await storage.canvases.load(taken.id)
    (session,) = await storage.chats.sessions(taken.id)
    await storage.chats.messages(session.id)
    assert damage == []


async def test_the_same_comes_out_of_an_imported_project(
    storage, transfer, bundle, take_in, tmp_path
):
    (taken,) = (await take_in(bundle)).projects
    project = await storage.canvases.get(taken.id)
    again = await transfer.export(project, tmp_path / "b.kupuri", lambda fraction: None)
    assert (again.items, again.assets, again.sessions) == (7, 4, 1)
    (third,) = (await take_in(again.path)).projects
    assert (third.items, third.assets, third.sessions) == (7, 2, 1)


async def test_it_can_be_taken_to_another_computer(bundle, tmp_path):
    from kupuri_desktop.core.paths import DataFolder

    elsewhere = await Storage.open(DataFolder(tmp_path / "elsewhere"))
    try:
        transfer = Transfer(elsewhere)
        (taken,) = (await transfer.take_in(bundle, lambda fraction: None)).projects
        items = (await elsewhere.canvases.load(taken.id)).items
        images = [item for item in items if isinstance(item, ImageItem)]
        assert len(images) == 2
        assert all([await elsewhere.assets.data(image.asset) for image in images])
        assert await elsewhere.assets.count() == 4
    finally:
        await elsewhere.aclose()


def test_the_file_is_a_plain_zip_with_a_preview_and_no_secrets_of_the_machine(bundle):
    with zipfile.ZipFile(bundle) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        manifest = json.loads(archive.read("manifest.json"))
        preview = Image.open(io.BytesIO(archive.read("preview.png")))
    assert (manifest["format"], manifest["version"]) == ("kupuri", 1)
    assert {f"assets/{key}" for key in manifest["assets"]} < names
    assert max(preview.size) == 512
    assert "qwen3" not in json.dumps(manifest)


async def test_a_damaged_image_is_left_out_and_told_on_both_sides(
    storage, transfer, filled, take_in, tmp_path
):
    first = filled.items["first"]
    assert isinstance(first, ImageItem)
    await storage.database.write(
        lambda database: database.execute_sql(
            "UPDATE original SET data = x'00' WHERE number ="
            " (SELECT number FROM asset WHERE id = ?)",
            (first.asset,),
        )
    )
    written = await transfer.export(filled.project, tmp_path / "a.kupuri", lambda fraction: None)
    assert len(written.missing) == 1
    imported = await take_in(written.path)
    (taken,) = imported.projects
    assert taken.items == 6
    assert any("damaged" in line for line in imported.untaken)
    state = await storage.canvases.load(taken.id)
    (line,) = (item for item in state.items if isinstance(item, LineItem))
    assert line.start_item is None
    assert line.end_item is not None


async def test_an_export_replaces_what_stood_there_at_the_end_or_not_at_all(
    storage, transfer, filled, tmp_path, monkeypatch
):
    target = tmp_path / "a.kupuri"
    target.write_bytes(b"what was there")
    with monkeypatch.context() as patch:
        patch.setattr(bounds, "MOST_CONTAINERS", 3)
        with pytest.raises(KupuriError, match="too large"):
            await transfer.export(filled.project, target, lambda fraction: None)
    assert target.read_bytes() == b"what was there"
    assert [path.name for path in tmp_path.glob("*kupuri*")] == ["a.kupuri"]
    written = await transfer.export(filled.project, target, lambda fraction: None)
    assert isinstance(written, Exported)
    assert zipfile.is_zipfile(target)
    assert [path.name for path in tmp_path.glob(".*")] == []


async def test_a_folder_that_cannot_be_written_is_told(transfer, filled, tmp_path):
    with pytest.raises(ReadOnly):
        await transfer.export(filled.project, tmp_path / "no" / "a.kupuri", lambda fraction: None)


async def test_a_failure_while_adopting_leaves_nothing(
    storage, filled, bundle, take_in, counted, monkeypatch
):
    from kupuri_desktop.storage import adoption

    before = await counted()

    def fails(database: Any, done: Any) -> None:
        raise Conflict("This is there already.")

    with monkeypatch.context() as patch:
        patch.setattr(adoption, "_store_job", fails)
        with pytest.raises(Conflict):
            await take_in(bundle)
    assert await counted() == before


async def test_two_projects_are_adopted_both_or_neither(storage, transfer, counted):
    before = await counted()
    known = await storage.canvases.create(Project(name="there"))
    arrivals = [Arrival(Project(name="new")), Arrival(Project(id=known.id, name="again"))]
    with pytest.raises(Conflict):
        await transfer._adoption.adopt(arrivals)
    assert (await counted())["project"] == before["project"] + 1


async def test_a_newer_version_is_refused_with_the_way_out(bundle, take_in, counted, tmp_path):
    newer = tmp_path / "newer.kupuri"
    rewrite(bundle, newer, lambda manifest: manifest | {"version": 2, "project": "else"})
    before = await counted()
    with pytest.raises(HostileFile, match="newer Kupuri") as refused:
        await take_in(newer)
    assert "Update" in refused.value.hint
    assert await counted() == before


async def test_fields_of_a_later_kupuri_are_left_out(bundle, take_in, tmp_path):
    more = tmp_path / "more.kupuri"
    rewrite(bundle, more, lambda manifest: manifest | {"mood": "calm"})
    assert (await take_in(more)).projects[0].items == 7


async def test_a_file_that_is_not_there_is_said(take_in, tmp_path):
    with pytest.raises(NotFound, match="not there"):
        await take_in(tmp_path / "gone.kupuri")


async def test_frames_that_hold_each_other_are_let_go(storage, bundle, take_in, tmp_path):
    def nest(items: Any) -> Any:
        frames = [item for item in items if item["kind"] == "frame"]
        other = frames[0] | {"id": "other", "frame": frames[0]["id"]}
        frames[0]["frame"] = "other"
        return [*items, other, frames[0] | {"id": "self", "frame": "self"}]

    nested = tmp_path / "nested.kupuri"
    rewrite(bundle, nested, lambda m: m | {"counts": m["counts"] | {"items": 9}}, nest)
    (taken,) = (await take_in(nested)).projects
    state = await storage.canvases.load(taken.id)
    assert [item.frame for item in state.items if isinstance(item, FrameItem)] == [None] * 3


async def test_images_are_in_memory_one_at_a_time(storage, filled, bundle, transfer):
    held: list[int] = []
    add = storage.assets.add

    class Watched:
        def __getattr__(self, name: str) -> Any:
            return getattr(storage.assets, name)

        async def add(self, data: bytes) -> Any:
            held.append(len(data))
            return await add(data)

    watching = Transfer(replace(storage, assets=cast(Any, Watched())))
    reached: list[float] = []
    await watching.take_in(bundle, reached.append)
    assert len(held) == 4
    assert reached == sorted(reached)
    assert reached[-1] == 1.0


async def test_an_empty_project_goes_out_and_comes_in(storage, transfer, take_in, tmp_path):
    empty = await storage.canvases.create(Project(name="Nothing yet"))
    written = await transfer.export(empty, tmp_path / "e.kupuri", lambda fraction: None)
    (taken,) = (await take_in(written.path)).projects
    assert (taken.name, taken.items) == ("Nothing yet", 0)


async def test_how_a_mask_is_used_and_what_was_drawn_on_a_picture_come_along(
    storage, transfer, take_in, tmp_path
):
    plain, marked, mask = [png(12, 8, c) for c in ("#ff0000", "#00ff00", "#ffffff")]
    for data in (plain, marked, mask):
        await storage.assets.add(data)
    project = Project(name="Masked")
    session = Session(project=project.id)
    item = ImageItem(
        id="a", x=0, y=0, width=12, height=8, asset=asset_id(plain), natural_width=12,
        natural_height=8, mask=asset_id(mask), mask_feather=7.5, mask_invert=True,
    )  # fmt: skip
    part = ImagePart(
        asset_id(plain), "a", masked=True, marked=asset_id(marked), shows_marks=False,
        words="arrow from here to there",
    )  # fmt: skip
    message = Message(session=session.id, role=Role.USER, parts=(part,))
    await transfer._adoption.adopt([Arrival(project, (item,), ((session, (message,)),))])
    written = await transfer.export(project, tmp_path / "m.kupuri", lambda fraction: None)
    with zipfile.ZipFile(written.path) as archive:
        assert sum(asset_id(marked) in name for name in archive.namelist()) == 1
    (taken,) = (await take_in(written.path)).projects
    [image] = (await storage.canvases.load(taken.id)).items
    assert (image.mask, image.mask_feather, image.mask_invert) == (asset_id(mask), 7.5, True)
    [chat] = await storage.chats.sessions(taken.id)
    [said] = await storage.chats.messages(chat.id)
    assert said.parts == (replace(part, item=image.id),)


async def test_a_long_chat_and_many_items_come_back_in_order(storage, transfer, take_in, tmp_path):
    project = Project(name="Long")
    session = Session(project=project.id)
    messages = tuple(
        Message(session=session.id, role=Role.USER, parts=(TextPart(f"{n} " + "x" * 9000),))
        for n in range(1001)
    )
    items = tuple(
        TextItem(id=str(n), x=n, y=0, width=1, height=1, z=n, text="y" * 2000) for n in range(3000)
    )
    await transfer._adoption.adopt([Arrival(project, items, ((session, messages),))])
    written = await transfer.export(project, tmp_path / "l.kupuri", lambda fraction: None)
    with zipfile.ZipFile(written.path) as archive:
        assert {"items/2.json", "chats/2.json"} <= set(archive.namelist())
    (taken,) = (await take_in(written.path)).projects
    (chat,) = await storage.chats.sessions(taken.id)
    texts = [message.text for message in await storage.chats.messages(chat.id)]
    assert texts == [message.text for message in messages]
    state = await storage.canvases.load(taken.id)
    assert sorted(item.x for item in state.items) == [float(n) for n in range(3000)]


def rewrite(
    bundle: Path,
    target: Path,
    manifest: Any = lambda value: value,
    items: Any = lambda value: value,
) -> None:
    """The same bundle with another manifest or other items."""
    with zipfile.ZipFile(bundle) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "manifest.json":
                data = json.dumps(manifest(json.loads(data))).encode()
            elif name == "items/1.json":
                data = json.dumps(items(json.loads(data))).encode()
            new.writestr(name, data)
