"""The licences that travel with the built program."""

from pathlib import Path

import pytest

from licensing import TEXTS, licences

TREE = Path(__file__).parents[2]
RUN = TREE / "packaging" / "lock" / "run.txt"
QT = {"pyside6-essentials", "shiboken6"}


def test_every_package_of_the_program_brings_its_licence() -> None:
    found = list(licences(RUN, QT))
    folders = {folder.split("/")[1] for _, folder in found}
    assert {"psd-tools", "attrs", "pillow", "numpy", "qasync", "peewee", "langgraph"} <= folders
    assert [str(file) for file, _ in found if not file.is_file()] == []
    assert len({(file.name, folder) for file, folder in found}) == len(found)


def test_a_package_without_a_licence_stops_the_build() -> None:
    with pytest.raises(LookupError, match="without a licence"):
        list(licences(RUN, set()))


def test_what_qt_comes_under_is_carried_in_full() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in TEXTS.iterdir()}
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in texts["LGPL-3.0.txt"]
    assert "END OF TERMS AND CONDITIONS" in texts["GPL-3.0.txt"]
