"""Projects as files, from the window and back."""

from PIL import Image

from kupuri_desktop.workspace.projects import Projects
from tests.e2e.desk import desk, until


async def named(projects: Projects) -> list[str]:
    return sorted(project.name for project in await projects.list())


async def test_a_project_is_written_to_one_file_and_opened_from_it(tmp_path):
    async with desk(tmp_path / "one") as studio:
        await studio.wish_from_home("Generate a lake")
        await studio.answered()
        items = {item.asset for item in studio.images}
        chat = [message.text for message in studio.messages]
        file = tmp_path / "lake.kupuri"
        studio.face._transferring.give_out(studio.workspace.project, file)
        await until(file.exists)
        await studio.workspace.saved()
    async with desk(tmp_path / "two") as studio:
        studio.face.open_files([str(file)])
        await until(lambda: studio.face._project is not None)
        assert {item.asset for item in studio.images} == items
        assert [message.text for message in studio.messages] == chat
        for item in studio.images:
            assert await studio.app.storage.assets.data(item.asset)


async def test_images_that_are_opened_with_kupuri_land_on_a_canvas(tmp_path):
    picture = tmp_path / "blue.png"
    Image.new("RGB", (40, 30), "blue").save(picture)
    async with desk(tmp_path / "data") as studio:
        studio.face.open_files([str(picture)])
        await until(lambda: studio.face._project is not None and studio.images)
        await studio.workspace.saved()
        assert [item.name for item in studio.images] == ["blue"]


async def test_a_file_that_is_none_is_refused_in_words_and_changes_nothing(tmp_path):
    bad = tmp_path / "bad.kupuri"
    bad.write_bytes(b"PK\x03\x04 and then nothing")
    async with desk(tmp_path / "data") as studio:
        studio.face.open_files([str(bad)])
        await until(studio.face.notices.isVisible)
        assert await named(studio.app.projects) == []
