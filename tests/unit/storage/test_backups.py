"""Backups: what they hold, what they cost, which are kept; restoring and setting aside."""

import hashlib
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kupuri_desktop.core.errors import DatabaseBusy, DatabaseDamaged, KupuriError, NotFound
from kupuri_desktop.core.projects import Project
from kupuri_desktop.storage import backup_files, backups, copies, image_store, setting_aside
from kupuri_desktop.storage.backup_files import Reason
from kupuri_desktop.storage.migrations import NEWEST
from kupuri_desktop.storage.newer import look_at_newer
from kupuri_desktop.storage.restoring import restore
from kupuri_desktop.storage.thinning import worth_keeping
from tests.durability.specimen import as_text, contents, fill
from tests.unit.storage.samples import png

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


async def test_a_backup_holds_everything_and_can_be_brought_back(open_storage, folder):
    storage = await open_storage()
    await fill(storage)
    before = as_text(await contents(storage))
    made = await storage.backups.make()
    assert (made.missing, made.reason) == (0, Reason.BY_HAND)
    assert made.images == await storage.assets.count()
    assert (await storage.backups.verify(made.id)).good
    await storage.canvases.trash("project-0")
    await storage.aclose()

    report = await restore(folder, made.id)
    assert (report.lost, report.aside) == ((), None)
    assert report.before is not None
    assert report.before.reason is Reason.RESTORE
    storage = await open_storage()
    assert as_text(await contents(storage)) == before
    assert len(await storage.search.find("lighthouse")) > 3
    assert await storage.assets.level((await storage.canvases.list())[0].cover, 32)


async def test_a_backup_brings_back_images_that_the_database_has_lost(open_storage, folder):
    storage = await open_storage()
    await fill(storage, projects=1, items=4)
    before = as_text(await contents(storage))
    made = await storage.backups.make()
    await storage.aclose()
    shutil.rmtree(folder.damaged, ignore_errors=True)
    folder.database.unlink()
    report = await restore(folder, made.id)
    assert (report.before, report.aside, report.lost) == (None, None, ())
    assert as_text(await contents(await open_storage())) == before


async def test_each_image_is_copied_once_for_all_backups(storage, monkeypatch):
    await fill(storage, projects=1, items=5)
    await storage.backups.make()
    written: list[str] = []
    put = image_store.ImageStore.put

    def noted(self: image_store.ImageStore, asset: str, data: bytes) -> bool:
        written.append(asset)
        return put(self, asset, data)

    monkeypatch.setattr(image_store.ImageStore, "put", noted)
    await storage.backups.make()
    assert written == []
    added = await storage.assets.add(png(11, 13))
    await storage.backups.make()
    assert written == [added.id]


async def test_the_rows_of_a_backup_are_small_however_large_the_images(storage):
    await storage.canvases.create(Project())
    for number in range(3):
        await storage.assets.add(bytes([number]) * 2_000_000)
    made = await storage.backups.make()
    assert made.size < 200_000
    assert made.missing == 0


async def test_backups_are_listed_the_newest_first_and_strange_files_are_not(storage, folder):
    first = await storage.backups.make()
    second = await storage.backups.make()
    (folder.backups / "notes.txt").write_text("x")
    (folder.backups / "kupuri-nonsense-automatic.db").write_text("x")
    assert [found.id for found in await storage.backups.list()] == [second.id, first.id]


async def test_without_room_the_rows_are_backed_up_and_the_images_later(storage, monkeypatch):
    await fill(storage, projects=1, items=3)
    with monkeypatch.context() as patch:
        patch.setattr(image_store, "SPARE_BYTES", 2**62)
        made = await storage.backups.make()
    assert made.missing == made.images > 0
    report = await storage.backups.verify(made.id)
    assert not report.good
    assert len(report.missing) == made.images
    assert (await storage.backups.make()).missing == 0
    assert (await storage.backups.verify(made.id)).good


async def test_copying_images_can_be_stopped_and_is_taken_up_again(storage, folder):
    await fill(storage, projects=1, items=6)
    calls = iter([False, False, True])
    made = backups.make_backup(folder, Reason.AUTOMATIC, lambda: next(calls))
    assert made.missing == made.images - 2
    assert (await storage.backups.make()).missing == 0


async def test_a_damaged_image_is_not_copied_and_is_told(storage):
    await fill(storage, projects=1, items=3)
    asset = (await storage.canvases.list())[0].cover
    await storage.database.write(
        lambda database: database.execute_sql(
            "UPDATE original SET data = x'00' WHERE number ="
            " (SELECT number FROM asset WHERE id = ?)",
            (asset,),
        )
    )
    made = await storage.backups.make()
    assert made.missing == 1
    assert (await storage.backups.verify(made.id)).missing == (asset,)


async def test_a_damaged_database_makes_no_backup_and_spoils_none(open_storage, folder):
    storage = await open_storage()
    await fill(storage)
    good = await storage.backups.make()
    await storage.aclose()
    data = bytearray(folder.database.read_bytes())
    for page in range(2, len(data) // 4096):
        data[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    folder.database.write_bytes(data)
    with pytest.raises(DatabaseDamaged):
        backups.make_backup(folder, Reason.AUTOMATIC)
    assert [found.id for found in backups.list_backups(folder)] == [good.id]
    assert backups.verify_backup(folder, good.id).good


async def test_a_damaged_backup_is_found_out_and_never_restored(open_storage, folder):
    storage = await open_storage()
    await fill(storage, projects=1, items=2)
    made = await storage.backups.make()
    path = folder.backups / made.id
    data = bytearray(path.read_bytes())
    data[5000:9000] = b"\xee" * 4000
    path.write_bytes(data)
    assert (await storage.backups.verify(made.id)).problems
    await storage.aclose()
    before = hashlib.sha256(folder.database.read_bytes()).hexdigest()
    with pytest.raises(DatabaseDamaged):
        await restore(folder, made.id)
    assert hashlib.sha256(folder.database.read_bytes()).hexdigest() == before


async def test_a_damaged_image_of_a_backup_is_found_out(storage, folder):
    await fill(storage, projects=1, items=2)
    made = await storage.backups.make()
    asset = next(iter(storage.backups.store.all()))
    path = storage.backups.store.path(asset)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert (await storage.backups.verify(made.id)).damaged == (asset,)


async def test_what_is_no_backup_is_not_restored(open_storage, folder):
    storage = await open_storage()
    for name in ("../kupuri.db", "kupuri-20260101T000000000000Z-by-hand.db", "x"):
        with pytest.raises(NotFound):
            await storage.backups.verify(name)
    await storage.aclose()
    with pytest.raises(NotFound):
        await restore(folder, "../kupuri.db")


async def test_nothing_is_restored_while_the_storage_is_open(storage, folder, monkeypatch):
    made = await storage.backups.make()
    monkeypatch.setattr("kupuri_desktop.storage.lock.FolderLock.take.__defaults__", (0.0,))
    with pytest.raises(DatabaseBusy):
        await restore(folder, made.id)


async def test_a_damaged_database_is_set_aside_whole_when_a_backup_takes_its_place(
    open_storage, folder
):
    storage = await open_storage()
    await fill(storage)
    before = as_text(await contents(storage))
    made = await storage.backups.make()
    await storage.aclose()
    data = bytearray(folder.database.read_bytes())
    data[4096 * 3 : 4096 * 12] = b"\xff" * (4096 * 9)
    folder.database.write_bytes(data)
    report = await restore(folder, made.id)
    assert report.before is None
    assert report.aside is not None
    assert (report.aside / "kupuri.db").read_bytes() == bytes(data)
    assert as_text(await contents(await open_storage())) == before


async def test_a_replacement_that_was_ended_anywhere_is_finished_at_the_next_start(
    open_storage, folder, monkeypatch
):
    """Each rename and removal in turn is the last thing that happens."""
    storage = await open_storage()
    await storage.canvases.create(Project(id="new"))
    made = await storage.backups.make()
    await storage.canvases.create(Project(id="newer"))
    await storage.aclose(abandon=True)
    start = folder.root.with_name("start")
    shutil.copytree(folder.root, start)

    class Ended(BaseException):
        pass

    step, finished = 0, False
    while not finished:
        shutil.rmtree(folder.root)
        shutil.copytree(start, folder.root)
        left = step
        with monkeypatch.context() as patch:
            for name in ("replace", "unlink"):
                real = getattr(Path, name)

                def counted(self: Path, *args: object, real=real, **more: object) -> object:
                    nonlocal left
                    if "kupuri.db" in self.name or "replacing" in self.name:
                        left -= 1
                        if left < 0:
                            raise Ended
                    return real(self, *args, **more)

                patch.setattr(Path, name, counted)
            try:
                await restore(folder, made.id)
                finished = True
            except Ended:
                pass
        again = await open_storage()
        known = {project.id for project in await again.canvases.list()}
        assert known in ({"new"}, {"new", "newer"}), step
        assert not (folder.root / setting_aside.INTENT).exists()
        await again.aclose()
        step += 1
    assert step > 8
    assert known == {"new"}


def test_of_hourly_backups_all_of_two_days_stay_then_fewer_and_fewer():
    moments = [NOW - timedelta(hours=hour) for hour in range(24 * 500)]
    kept = sorted(worth_keeping(moments, NOW), reverse=True)
    ages = [(NOW - moment).total_seconds() / 86400 for moment in kept]
    assert sum(age <= 2 for age in ages) == 49
    assert 12 <= sum(2 < age <= 14 for age in ages) <= 13
    assert 10 <= sum(14 < age <= 84 for age in ages) <= 11
    assert 9 <= sum(age > 84 for age in ages) <= 11
    assert max(ages) < 370


@given(st.lists(st.integers(0, 24 * 400), min_size=1, max_size=60), st.integers(1, 200))
def test_thinning_out_day_by_day_never_leaves_less_than_the_schedule(hours, days):
    moments = {NOW - timedelta(hours=hour) for hour in hours}
    stepwise = set(moments)
    for day in range(days + 1):
        stepwise = worth_keeping(stepwise, NOW + timedelta(days=day))
    at_once = worth_keeping(moments, NOW + timedelta(days=days))
    assert max(moments) in stepwise
    assert max(moments) in at_once
    assert len(stepwise) >= 1


async def test_old_backups_are_thinned_out_and_their_images_with_them(storage, folder):
    await storage.canvases.create(Project())
    asset = await storage.assets.add(png(9, 9))
    made = await storage.backups.make(Reason.AUTOMATIC)
    source = folder.backups / made.id
    old = [NOW - timedelta(days=20, hours=hour) for hour in range(6)]
    for moment in old:
        shutil.copy(source, folder.backups / backup_files.file_name(moment, Reason.AUTOMATIC))
    by_hand = backup_files.file_name(NOW - timedelta(days=4000), Reason.BY_HAND)
    shutil.copy(source, folder.backups / by_hand)
    storage.backups.store.put(hashlib.sha256(b"unused").hexdigest(), b"unused")
    gone = backups.thin_out(folder, datetime.now(UTC))
    left = {found.id for found in backups.list_backups(folder)}
    assert len(gone) in (4, 5)
    assert {made.id, by_hand} <= left
    assert list(storage.backups.store.all()) == [asset.id]


async def test_images_stay_while_a_backup_that_cannot_be_read_might_need_them(storage, folder):
    await storage.canvases.create(Project())
    await storage.assets.add(png(9, 9))
    made = await storage.backups.make()
    doomed = await storage.backups.make()
    (folder.backups / made.id).write_bytes(b"broken")
    await storage.backups.delete(doomed.id)
    assert len(list(storage.backups.store.all())) == 1


async def test_a_full_disk_leaves_no_half_backup(storage, folder, monkeypatch):
    await fill(storage, projects=1, items=2)

    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copies, "sync_file", full)
    with pytest.raises(KupuriError) as caught:
        await storage.backups.make()
    assert caught.value.problem.kind == "DiskFull"
    assert [path.name for path in folder.backups.iterdir() if path.is_file()] == []


async def test_beside_a_newer_database_only_backups_that_can_be_read_are_offered(storage, folder):
    readable = await storage.backups.make()
    unreadable = await storage.backups.make()
    await storage.aclose()
    for path in (folder.backups / unreadable.id, folder.database):
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA user_version = {NEWEST + 1}")
    told = await look_at_newer(folder)
    assert (told.schema, told.known) == (NEWEST + 1, NEWEST)
    assert [each.id for each in told.backups] == [readable.id]


async def test_a_backup_of_each_older_schema_can_be_brought_back(open_storage, folder):
    folder.root.mkdir()
    specimen = Path(__file__).parents[2] / "data" / "db" / "0001.db"
    shutil.copy(specimen, folder.database)
    backups.back_up_rows(folder, Reason.MIGRATION)
    (made,) = backups.list_backups(folder)
    assert made.schema == 1
    storage = await open_storage()
    await storage.aclose()
    report = await restore(folder, made.id)
    assert report.lost == ()
    with closing(sqlite3.connect(folder.database)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (1,)
    storage = await open_storage()
    assert as_text(await contents(storage)) == specimen.with_suffix(".json").read_text()
