"""Images out of the window: from the panel to files, with how they were made."""

from kupuri_desktop.engines import metadata
from kupuri_desktop.ui.exporting.wish import Format, What, Wish
from tests.e2e.desk import desk, until


async def test_images_leave_by_the_panel_and_the_choice_is_remembered(tmp_path):
    folder = tmp_path / "out"
    async with desk(tmp_path / "data") as studio:
        await studio.wish_from_home("Generate a lake, two variants")
        await studio.answered()
        exporting = studio.room.exporting
        studio.room.canvas.selection.set([item.id for item in studio.images])
        studio.face.actions["export_selection"].trigger()
        exporting._use_folder(str(folder))
        exporting._open_again()
        exporting.panel._set(what=What.EACH_ITEM, pattern="{number} {seed}", format=Format.PNG)
        studio.click(exporting.panel.go)
        await until(lambda: folder.exists() and len(list(folder.glob("*.png"))) == 2)
        await until(lambda: not exporting.running)
        seeds = sorted(str(item.making.seed) for item in studio.images if item.making)
        assert sorted(path.stem.split()[1] for path in folder.iterdir()) == seeds
        for path in folder.iterdir():
            making = metadata.making_of(metadata.read(path.read_bytes()))
            assert making is not None and str(making.seed) == path.stem.split()[1]
        assert Wish.from_text(studio.face.state().export).what is What.EACH_ITEM


async def test_leaving_the_project_ends_its_export_and_leaves_no_half_file(tmp_path):
    folder = tmp_path / "out"
    async with desk(tmp_path / "data") as studio:
        await studio.wish_from_home("Generate a lake")
        await studio.answered()
        exporting = studio.room.exporting
        exporting.open_at(studio.room.bar.export, [])
        exporting._use_folder(str(folder))
        exporting.panel.close_()
        exporting.begin()
        task = exporting._running
        assert task is not None
        studio.face.actions["go_home"].trigger()
        await until(task.done)
        assert not list(folder.glob(".kupuri-*"))
