"""Damage, salvage, the trash, unused images, and the look from outside."""

import asyncio
import hashlib
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kupuri_desktop.core.chat import ImagePart, Message, Role, Session
from kupuri_desktop.core.errors import DatabaseDamaged
from kupuri_desktop.core.projects import Project
from kupuri_desktop.storage import doctor, garbage
from kupuri_desktop.storage.backup_files import Backup
from kupuri_desktop.storage.damage import Check, Stopped
from kupuri_desktop.storage.migrations import NEWEST
from kupuri_desktop.storage.salvage import salvage
from tests.durability.specimen import as_text, contents, fill, opened
from tests.unit.storage.samples import image_item, png

NEVER = timedelta(0)


def fingerprints(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file()
    }


def spoil(path: Path, page: int, length: int = 4096) -> None:
    with path.open("r+b") as file:
        file.seek((page - 1) * 4096)
        file.write(b"\xa5" * length)


async def test_a_whole_file_has_no_problems(storage):
    await fill(storage)
    assert await storage.caretaker.check() == []


async def test_a_spoilt_page_is_found_and_told(open_storage, folder):
    storage = await open_storage()
    await fill(storage)
    await storage.aclose()
    spoil(folder.database, 20)
    problems = Check(folder.database).run()
    assert problems


async def test_a_letter_that_changed_on_the_disk_is_found(open_storage, folder):
    storage = await open_storage()
    await fill(storage)
    await storage.aclose()
    data = folder.database.read_bytes()
    at = data.index(b"Paint a lighthouse like this")
    folder.database.write_bytes(data[:at] + b"p" + data[at + 1 :])
    assert any("message" in problem for problem in Check(folder.database).run())


async def test_a_check_can_be_stopped(storage):
    await fill(storage)
    check = Check(storage.database.path)
    check.stop()
    with pytest.raises(Stopped):
        check.run()


async def test_a_check_takes_place_after_an_unclean_end_and_then_weekly(open_storage):
    storage = await open_storage()
    await storage.caretaker.check_if_due()
    assert not await storage.caretaker._check_is_due()
    await storage.aclose()
    storage = await open_storage()
    assert not await storage.caretaker._check_is_due()
    await storage.aclose(abandon=True)
    storage = await open_storage()
    assert await storage.caretaker._check_is_due()


async def test_the_caretaker_backs_up_what_is_new_and_nothing_twice(storage, project):
    made: list[Backup] = []
    storage.caretaker.backed_up.connect(made.append)
    await storage.caretaker.look()
    await storage.caretaker.back_up_if_due()
    count = len(made)
    assert count >= 1
    backed_up = storage.database.commits
    await storage.caretaker.back_up_if_due()
    assert storage.database.commits == backed_up
    assert len(made) == count
    await storage.canvases.change(project.id, name="Changed")
    await storage.caretaker.back_up_if_due()
    assert len(made) == count + 1


async def test_what_was_thrown_away_long_ago_is_gone_for_good(storage):
    await fill(storage)
    session = (await storage.chats.sessions("project-0"))[0]
    await storage.chats.trash_session(session.id)
    assert await garbage.empty_trash(storage.database) == 0
    assert await garbage.empty_trash(storage.database, NEVER) >= 3
    assert await storage.canvases.list(trashed=True) == []
    assert await storage.chats.sessions("project-0", trashed=True) == []
    assert await storage.canvases.trashed_items("project-0") == []
    assert await storage.search.find("thrown") == []
    assert len(await storage.chats.messages("project-1-chat")) == 2
    assert await storage.caretaker.check() == []


async def test_an_image_is_kept_as_long_as_anything_refers_to_it(storage):
    project = await storage.canvases.create(Project())
    session = await storage.chats.create_session(Session(project=project.id))
    canvas = await opened(storage, project.id)
    lying, undone, trashed, said, unused, *masks = [
        (await storage.assets.add(png(10 + number, 10))).id for number in range(9)
    ]
    canvas.add("Add", [image_item("a", lying, mask=masks[0])])
    canvas.apply("Mask: brush stroke", {"a": image_item("a", lying, mask=masks[1])})
    canvas.add("Add", [image_item("b", trashed, mask=masks[2])])
    canvas.delete(["b"])
    canvas.add("Add", [image_item("c", undone, mask=masks[3])])
    canvas.undo()
    await storage.chats.save_message(
        Message(session=session.id, role=Role.USER, parts=(ImagePart(said),))
    )
    assert await garbage.collect(storage.database) == []
    assert await garbage.collect(storage.database, NEVER) == [unused]
    assert await storage.assets.count() == 8
    assert await storage.assets.level(unused, 32) is None
    for key in (lying, undone, trashed, said, *masks):
        assert await storage.assets.data(key)


async def test_images_of_a_project_that_is_gone_for_good_are_collected(storage):
    await fill(storage, projects=1)
    await storage.canvases.trash("project-0")
    assert await garbage.collect(storage.database, NEVER) == []
    await garbage.empty_trash(storage.database, NEVER)
    count = await storage.assets.count()
    assert len(await garbage.collect(storage.database, NEVER)) == count > 5

    def left(database):
        return [
            database.execute_sql(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("asset", "original", "level", "micro", "words", "step", "message")
        ]

    assert await storage.database.read(left) == [0] * 7


async def test_an_image_that_comes_into_use_while_others_are_collected_stays(storage, project):
    asset = await storage.assets.add(png())
    canvas = await opened(storage, project.id)
    looked = storage.database.read

    async def look_and_then_use(work):
        found = await looked(work)
        if found == [asset.id]:
            canvas.add("Paste", [image_item("a", asset.id)])
            await storage.database.saved()
        return found

    storage.database.read = look_and_then_use
    assert await garbage.collect(storage.database, NEVER) == []
    assert await storage.assets.data(asset.id)


async def test_of_a_damaged_file_all_that_can_be_read_is_saved_and_the_rest_listed(
    open_storage, folder
):
    storage = await open_storage()
    await fill(storage, projects=3, items=30)
    before = await contents(storage)
    await storage.aclose()
    whole = folder.database.read_bytes()
    # The last leaf of the images' own table: one image is lost, and nothing else.
    data = whole.index(b"\x89PNG", 4096 * 40)
    folder.database.write_bytes(whole[: data + 9] + b"\xff" * 20 + whole[data + 29 :])
    damaged = folder.database.read_bytes()
    report = await salvage(folder)
    assert report.aside is not None
    assert (report.aside / "kupuri.db").read_bytes() == damaged
    assert [line.split()[0] for line in report.lost] == ["image"]
    storage = await open_storage()
    lost = report.lost[0].split()[1]
    assert lost in before["images"]
    del before["images"][lost]
    with pytest.raises(Exception, match="not there"):
        await storage.assets.data(lost)
    for key in before["images"]:
        assert await storage.assets.data(key)
    assert await storage.caretaker.check() == []
    assert len(await storage.search.find("lighthouse")) > 10


async def test_a_whole_file_is_salvaged_without_any_loss(open_storage, folder):
    storage = await open_storage()
    await fill(storage)
    before = as_text(await contents(storage))
    await storage.aclose()
    report = await salvage(folder)
    assert (report.lost, report.altered) == ([], [])
    assert as_text(await contents(await open_storage())) == before


async def test_a_file_of_noise_cannot_be_salvaged_and_stays(folder):
    folder.root.mkdir()
    folder.database.write_bytes(b"noise" * 5000)
    with pytest.raises(DatabaseDamaged):
        await salvage(folder)
    assert folder.database.read_bytes() == b"noise" * 5000


async def test_the_doctor_says_how_things_are_and_changes_nothing(open_storage, folder):
    assert doctor.inspect(folder).state == "absent"
    assert not folder.root.exists()
    storage = await open_storage()
    await fill(storage)
    await storage.backups.make()
    count = await storage.assets.count()
    await storage.aclose()
    before = fingerprints(folder.root)
    report = await asyncio.to_thread(doctor.inspect, folder, True)
    assert report.ok
    assert (report.state, report.schema, report.projects) == ("ok", NEWEST, 3)
    assert (report.assets, report.bad, report.backups) == (count, (), 1)
    assert fingerprints(folder.root) == before


async def test_the_doctor_works_beside_an_open_storage(storage, folder):
    await fill(storage, projects=1)
    report = await asyncio.to_thread(doctor.inspect, folder, True)
    assert report.ok
    assert report.projects == 2


@pytest.mark.parametrize(
    ("content", "state"),
    [(b"", "absent"), (b"x" * 5000, "damaged"), (None, "newer"), (b"SQLite", "damaged")],
)
async def test_the_doctor_takes_any_file_as_it_is(open_storage, folder, content, state):
    if content is None:
        storage = await open_storage()
        await storage.database.run_alone(
            lambda database: database.execute_sql(f"PRAGMA user_version = {NEWEST + 7}")
        )
        await storage.aclose()
    else:
        folder.root.mkdir()
        folder.database.write_bytes(content)
    before = fingerprints(folder.root)
    assert doctor.inspect(folder, True).state == state
    assert fingerprints(folder.root) == before


async def test_the_doctor_tells_older_data_from_damaged_ones(folder):
    folder.root.mkdir()
    shutil.copy(Path(__file__).parents[2] / "data" / "db" / "0001.db", folder.database)
    assert doctor.inspect(folder, True).state == "older"
    spoil(folder.database, 25)
    report = doctor.inspect(folder, True)
    assert report.state == "damaged"
    assert report.problems or report.bad


async def test_the_doctor_names_the_images_that_are_damaged(open_storage, folder):
    storage = await open_storage()
    asset = await storage.assets.add(png())
    other = await storage.assets.add(png(41, 21))
    await storage.database.write(
        lambda database: database.execute_sql("UPDATE original SET data = x'00' WHERE number = 1")
    )
    await storage.aclose()
    report = doctor.inspect(folder, True)
    assert report.bad == (asset.id,)
    assert not report.ok
    assert replace(report, bad=None, problems=()).path == folder.database
    assert other.id not in report.bad
