"""Where data lies, and how models tell of changes."""

from pathlib import Path

import pytest

from kupuri_desktop.core.paths import DataFolder, resource
from kupuri_desktop.core.signals import Signal


def test_a_named_data_folder_goes_before_the_environment(tmp_path):
    environment = {"KUPURI_DATA": str(tmp_path / "env")}
    assert DataFolder.choose(str(tmp_path / "arg"), environment).root == tmp_path / "arg"
    assert DataFolder.choose(None, environment).root == tmp_path / "env"
    assert DataFolder.choose(None, {}).root.is_absolute()


def test_everything_lies_below_the_data_folder(tmp_path):
    folder = DataFolder(tmp_path)
    for path in (folder.database, folder.backups, folder.damaged, folder.exports, folder.logs):
        assert path.is_relative_to(tmp_path)


def test_a_resource_that_is_not_there_is_named():
    with pytest.raises(FileNotFoundError, match="resources/no/such"):
        resource("no", "such")


def test_resources_are_real_paths():
    assert isinstance(resource("styles"), Path)


def test_receivers_are_called_in_order_until_they_leave():
    heard: list[str] = []
    signal: Signal[str] = Signal()
    leave = signal.connect(lambda value: heard.append("a" + value))
    signal.connect(lambda value: heard.append("b" + value))
    signal.emit("1")
    leave()
    leave()
    signal.emit("2")
    assert heard == ["a1", "b1", "b2"]
