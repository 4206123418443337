"""A project's saved colours outlive everything but their project."""

import sqlite3
from contextlib import closing

from kupuri_desktop.core.palette import Palette
from kupuri_desktop.storage.damage import Check
from kupuri_desktop.storage.palettes import palette_from_json, palette_to_json
from kupuri_desktop.storage.salvage import salvage

PALETTE = Palette().added("#ff6b4a", "Größe").added("#12345680")


async def test_saved_colours_are_there_after_a_restart(open_storage, project, storage):
    assert await storage.palettes.load(project.id) == Palette()
    await storage.palettes.keep(project.id, Palette().added("#000000"))
    await storage.palettes.keep(project.id, PALETTE)
    await storage.aclose()
    again = await open_storage()
    assert await again.palettes.load(project.id) == PALETTE
    assert await again.caretaker.check() == []


async def test_an_empty_palette_leaves_nothing_behind(project, storage):
    await storage.palettes.keep(project.id, PALETTE)
    await storage.palettes.keep(project.id, Palette())
    rows = await storage.database.read(
        lambda database: database.execute_sql("SELECT count(*) FROM palette").fetchone()
    )
    assert rows == (0,)


async def test_a_project_that_is_gone_keeps_no_colours(storage):
    await storage.palettes.keep("nobody", PALETTE)
    assert await storage.palettes.load("nobody") == Palette()


async def test_saved_colours_are_salvaged_and_a_changed_letter_is_told(folder, project, storage):
    await storage.palettes.keep(project.id, PALETTE)
    await storage.aclose()
    with closing(sqlite3.connect(folder.database)) as connection:
        connection.execute("UPDATE palette SET body = replace(body, 'ff6b4a', 'ff6b4b')")
        connection.commit()
    assert f"palette {project.id} changed on the disk" in Check(folder.database).run()
    report = await salvage(folder)
    assert report.saved["palette"] == 1
    assert report.altered == [f"palette {project.id} changed on the disk"]


def test_what_is_no_colour_in_it_is_left_out():
    assert palette_from_json(palette_to_json(PALETTE)) == PALETTE
    assert palette_from_json('[["#111111"], ["#222222", "b"], 3, ["#3", 4]]').saved[0].name == "b"
    assert palette_from_json("{}") == Palette()
