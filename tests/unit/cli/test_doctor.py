"""`kupuri doctor` on well and sick machines; it must never fall over what it looks at."""

import sqlite3
from pathlib import Path

import pytest

DIRECT = ("--direct", "--image", "builtin:painter", "--aspect", "8:1")


@pytest.fixture
def stored(kupuri, folder) -> Path:
    """A database with one image in it."""
    assert kupuri("generate", "fog", *DIRECT).code == 0
    with sqlite3.connect(folder / "kupuri.db") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return folder / "kupuri.db"


def test_a_fresh_machine_is_well_and_nothing_is_made_by_looking(kupuri, folder):
    ran = kupuri("doctor", "--json")
    assert (ran.code, ran.err) == (0, "")
    told = ran.json
    assert told["database"]["path"] == str(folder / "kupuri.db")
    assert told["database"]["schema"] is None
    assert told["database"]["integrity"] == "none"
    assert told["database"]["assets"] == {"count": 0, "bad": 0}
    assert not folder.exists()


def test_servers_that_are_away_are_told_with_their_address_and_the_way_to_mend_it(kupuri):
    told = kupuri("doctor", "--json").json
    for kind, provider in (("llm", "ollama"), ("image", "comfyui")):
        entry = next(each for each in told[kind] if each["provider"] == provider)
        assert entry["ok"] is False
        assert "127.0.0.1:9" in entry["address"]
        assert entry["problem"]
        assert entry["mend"]
        assert entry["models"] == []


def test_the_built_in_engines_are_always_ready(kupuri):
    told = kupuri("doctor", "--json").json
    for kind, model in (("llm", "builtin:assistant"), ("image", "builtin:painter")):
        entry = next(each for each in told[kind] if each["provider"] == "builtin")
        assert entry["ok"] is True
        assert [each["model"] for each in entry["models"]] == [model]


def test_a_machine_without_a_keyring_is_told_what_that_means(kupuri):
    keyring = kupuri("doctor", "--json").json["keyring"]
    assert keyring["ok"] is False
    assert keyring["problem"]
    assert keyring["mend"]


def test_stored_images_are_counted_and_whole(kupuri, stored):
    database = kupuri("doctor", "--json").json["database"]
    assert database["integrity"] == "ok"
    assert database["schema"] >= 1
    assert database["assets"] == {"count": 1, "bad": 0}
    assert database["problem"] is None


def test_a_damaged_image_is_counted_and_mended_by_a_backup(kupuri, stored):
    with sqlite3.connect(stored) as connection:
        connection.execute("UPDATE original SET data = zeroblob(length(data))")
    connection.close()
    ran = kupuri("doctor", "--json")
    assert ran.code == 1
    assert ran.json["database"]["assets"] == {"count": 1, "bad": 1}
    assert "backup" in ran.json["database"]["mend"]


@pytest.mark.parametrize("place", [0, 20, 5000])
def test_a_damaged_file_is_told_and_left_as_it_is(kupuri, stored, place):
    data = bytearray(stored.read_bytes())
    data[place : place + 4000] = b"\xa5" * 4000
    stored.write_bytes(data)
    ran = kupuri("doctor", "--json")
    assert ran.code == 1
    assert ran.json["database"]["integrity"] in ("damaged", "foreign", "newer")
    assert ran.json["database"]["problem"]
    assert ran.json["database"]["mend"]
    assert stored.read_bytes() == bytes(data)


def test_a_newer_database_is_left_as_it_is(kupuri, stored):
    with sqlite3.connect(stored) as connection:
        connection.execute("PRAGMA user_version = 999")
    connection.close()
    ran = kupuri("doctor", "--json")
    assert ran.code == 1
    assert ran.json["database"]["integrity"] == "newer"
    assert "Update" in ran.json["database"]["mend"]


def test_a_data_folder_that_cannot_be_written_is_told(kupuri, tmp_path):
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "under"):
        ran = kupuri("doctor", "--json", "--data", str(place))
        assert ran.code == 1
        assert ran.json["data"]["ok"] is False
        assert "--data" in ran.json["data"]["mend"]


def test_an_address_that_is_none_is_told_and_the_rest_is_looked_at(kupuri, monkeypatch):
    monkeypatch.setenv("KUPURI_COMFYUI_URL", "not an address")
    monkeypatch.setenv("KUPURI_OLLAMA_URL", "http://[")
    ran = kupuri("doctor", "--json")
    assert ran.code == 0, ran.err
    assert [entry["ok"] for entry in ran.json["image"]] == [False, True]
    assert [entry["ok"] for entry in ran.json["llm"]] == [False, True]
    assert "is not an address" in ran.json["llm"][0]["problem"]


def test_for_a_person_each_problem_stands_with_its_mending(kupuri):
    ran = kupuri("doctor")
    assert ran.code == 0
    assert "Ollama is not running" in ran.out
    assert "Start Ollama" in ran.out
    assert "builtin:painter" in ran.out
