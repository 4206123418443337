"""Finds a control by its name, as a test means it: it must be there."""

from typing import TypeVar

from PySide6.QtCore import QObject

T = TypeVar("T", bound=QObject)


def find(where: QObject, kind: type[T], name: str = "") -> T:
    """The one child of that kind and name. Fails where there is none."""
    found = where.findChild(kind, name) if name else where.findChild(kind)
    assert found is not None, f"{where!r} has no {kind.__name__} {name!r}"
    return found
