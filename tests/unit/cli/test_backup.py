"""Backups by the command line: listed, made, verified, restored."""

from pathlib import Path

from tests.unit.cli.conftest import Kupuri


def names(kupuri: Kupuri) -> list[str]:
    return [project["name"] for project in kupuri("projects", "--json").json["projects"]]


def make_project(kupuri: Kupuri, name: str) -> None:
    assert kupuri("generate", "a fox", "--direct", "--project", name).code == 0


def test_a_backup_is_made_listed_verified_and_brought_back(kupuri: Kupuri) -> None:
    make_project(kupuri, "Before")
    made = kupuri("backup", "make", "--json")
    assert made.code == 0
    backup = made.json["backup"]
    assert (backup["reason"], backup["images"], backup["missing"]) == ("by-hand", 1, 0)
    assert [b["id"] for b in kupuri("backup", "list", "--json").json["backups"]] == [backup["id"]]
    assert kupuri("backup", "verify", backup["id"], "--json").json["good"] is True
    make_project(kupuri, "After")
    assert sorted(names(kupuri)) == ["After", "Before"]
    restored = kupuri("backup", "restore", "newest", "--json")
    assert restored.code == 0
    assert restored.json["lost"] == []
    assert restored.json["before"]["reason"] == "before-restore"
    assert names(kupuri) == ["Before"]


def test_a_damaged_backup_is_told_and_not_restored(kupuri: Kupuri, folder: Path) -> None:
    make_project(kupuri, "Fox")
    path = folder / "backups" / kupuri("backup", "make", "--json").json["backup"]["id"]
    data = bytearray(path.read_bytes())
    data[4096:12288] = bytes(8192)
    path.write_bytes(data)
    assert kupuri("backup", "verify", path.name).code == 1
    ran = kupuri("backup", "restore", path.name)
    assert ran.code == 1
    assert "damaged" in ran.err
    assert names(kupuri) == ["Fox"]


def test_a_backup_that_is_not_there_and_a_missing_name_are_said(kupuri: Kupuri) -> None:
    assert kupuri("backup", "list").out == "There is no backup yet.\n"
    assert kupuri("backup", "make").code == 1
    assert kupuri("backup", "restore", "newest").code == 1
    assert kupuri("backup", "verify", "../kupuri.db").code == 1
    assert kupuri("backup", "restore").code == 2
    assert kupuri("backup", "list", "newest").code == 2
    assert kupuri("backup", "mend").code == 2
