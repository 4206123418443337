"""A file is whole or not there."""

import errno
from pathlib import Path

import pytest

from kupuri_desktop.core.errors import DiskFull, ReadOnly
from kupuri_desktop.workspace.unfinished import Unfinished


def test_a_file_has_its_name_only_when_it_is_whole(tmp_path: Path) -> None:
    beside = Unfinished(tmp_path / "new")
    beside.file.write(b"half")
    assert [path.name[0] for path in (tmp_path / "new").iterdir()] == ["."]
    beside.file.write(b" and half")
    assert beside.settle("a", "png") == tmp_path / "new" / "a.png"
    beside.discard()
    assert [path.read_bytes() for path in (tmp_path / "new").iterdir()] == [b"half and half"]


def test_what_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    beside = Unfinished(tmp_path)
    beside.file.write(b"half")
    beside.discard()
    assert list(tmp_path.iterdir()) == []


def test_nobodys_file_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"theirs")
    for expected in ("a-2.png", "a-3.png"):
        beside = Unfinished(tmp_path)
        assert beside.settle("a", "png").name == expected
    assert (tmp_path / "a.png").read_bytes() == b"theirs"


def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ReadOnly, match="cannot be written"):
        Unfinished(tmp_path / "file")


def test_a_full_disk_is_said_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    beside = Unfinished(tmp_path)
    with pytest.raises(DiskFull, match="no room"):
        beside.settle("a", "png")
    beside.discard()
    assert list(tmp_path.iterdir()) == []
