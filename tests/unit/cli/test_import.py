"""`kupuri import`, and the one file that `kupuri export` writes for it."""

import zipfile
from pathlib import Path

import pytest

from tests.unit.storage.samples import png
from tests.unit.workspace.transfer.makers import element, scene, write_scene

DIRECT = ("--direct", "--image", "builtin:painter", "--aspect", "8:1")


@pytest.fixture
def bundle(kupuri, tmp_path: Path) -> Path:
    kupuri("generate", "fog", *DIRECT, "--count", "2", "--project", "Mist")
    path = tmp_path / "mist.kupuri"
    told = kupuri("export", "Mist", "--out", str(path), "--json").json
    assert told["file"] == str(path)
    assert (told["items"], told["assets"], told["missing"]) == (2, 2, [])
    return path


def test_a_project_goes_out_as_one_file_and_comes_in_as_another_project(kupuri, bundle):
    assert zipfile.is_zipfile(bundle)
    told = kupuri("import", str(bundle), "--json").json
    (file,) = told["files"]
    (project,) = file["projects"]
    assert (file["not_taken"], file["problem"]) == ([], None)
    assert set(project) == {"id", "name", "items", "assets", "sessions"}
    assert (project["name"], project["items"], project["assets"]) == ("Mist", 2, 2)
    listed = kupuri("projects", "--json").json["projects"]
    assert [p["name"] for p in listed] == ["Mist", "Mist"]
    assert listed[0]["id"] == project["id"]
    assert kupuri("doctor", "--json").json["database"]["assets"] == {"count": 2, "bad": 0}


def test_for_a_person_each_project_is_a_line_and_what_is_missing_is_said(kupuri, tmp_path):
    drawing = scene(element("r", "rectangle"), element("v", "embeddable"))
    path = write_scene(tmp_path / "plan.excalidraw", drawing)
    ran = kupuri("import", str(path))
    assert ran.code == 0
    assert ran.out.endswith("1 item, 0 images, 0 chats  plan\n")
    assert ran.err.startswith("Not taken from plan.excalidraw: ")


def test_one_bad_file_does_not_keep_the_others_out(kupuri, bundle, tmp_path):
    bad = tmp_path / "bad.kupuri"
    bad.write_bytes(bundle.read_bytes()[:-100])
    folder = tmp_path / "Moods"
    folder.mkdir()
    (folder / "a.png").write_bytes(png())
    ran = kupuri("import", str(bad), str(tmp_path / "gone.bee"), str(folder), "--json")
    assert ran.code == 1
    first, second, third = ran.json["files"]
    assert first["problem"]["kind"] == "HostileFile"
    assert second["problem"]["kind"] == "NotFound"
    assert "Nothing was changed." in first["problem"]["message"]
    assert third["projects"][0]["name"] == "Moods"
    assert ran.err.count("\n") == 2


def test_the_images_found_in_an_imported_project_are_those_that_went_out(kupuri, bundle, tmp_path):
    (project,) = kupuri("import", str(bundle), "--json").json["files"][0]["projects"]
    first, second = (
        kupuri("export", key, "--out", str(tmp_path / key), "--json").json["images"]
        for key in (project["id"], "Mist")
    )
    assert sorted(i["sha256"] for i in first) == sorted(i["sha256"] for i in second)


def test_import_without_a_file_is_a_wrong_use(kupuri, folder):
    assert kupuri("import").code == 2
    assert not folder.exists()


def test_an_export_of_nothing_writes_no_file(kupuri, tmp_path):
    ran = kupuri("export", "Nowhere", "--out", str(tmp_path / "n.kupuri"))
    assert ran.code == 1
    assert list(tmp_path.glob("*.kupuri")) == []
