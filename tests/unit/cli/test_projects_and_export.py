"""`kupuri projects` and `kupuri export`."""

from pathlib import Path

DIRECT = ("--direct", "--image", "builtin:painter", "--aspect", "8:1")


def test_a_fresh_folder_has_no_project(kupuri):
    assert kupuri("projects", "--json").json == {"projects": [], "beside": False}
    assert kupuri("projects").out == "There is no project yet.\n"


def test_projects_are_listed_with_the_newest_change_first(kupuri):
    for name in ("One", "Two"):
        kupuri("generate", "fog", *DIRECT, "--project", name)
    listed = kupuri("projects", "--json").json["projects"]
    assert [project["name"] for project in listed] == ["Two", "One"]
    assert set(listed[0]) == {"id", "name", "created", "changed", "starred", "images"}
    assert "1 image  Two" in kupuri("projects").out


def test_export_writes_each_image_of_a_project_named_or_by_id(kupuri, tmp_path):
    made = kupuri("generate", "fog", *DIRECT, "--count", "2", "--project", "One", "--json").json
    for key in ("one", made["project"]["id"]):
        out = tmp_path / key
        told = kupuri("export", key, "--out", str(out), "--json").json
        assert told["project"] == made["project"]
        assert [i["sha256"] for i in told["images"]] == [i["sha256"] for i in made["images"]]
        assert sorted(out.iterdir()) == sorted(Path(i["path"]) for i in told["images"])


def test_a_project_that_is_not_there_is_said_with_the_way_to_find_it(kupuri, tmp_path):
    ran = kupuri("export", "Nowhere", "--out", str(tmp_path / "out"))
    assert ran.code == 1
    assert "Nowhere" in ran.err
    assert "kupuri projects" in ran.err
    assert not (tmp_path / "out").exists()


def test_export_without_a_folder_is_a_wrong_use(kupuri):
    assert kupuri("export", "One").code == 2
