"""Finds the licences of all that the built program carries, so that they travel with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

TEXTS = Path(__file__).parent / "licences"
"""Texts that packages name and do not bring: Qt and PySide6 come under the LGPL, which asks for
its own text and that of the GPL that it adds to (https://www.gnu.org/licenses/lgpl-3.0, 4b)."""

_PIN = re.compile(r"^([\w.-]+)==", re.MULTILINE)
_FILE = re.compile(r"(licen[cs]e|copying|notice|authors)[^/]*$", re.IGNORECASE)


def licences(lock: Path, bare: set[str]) -> Iterator[tuple[Path, str]]:
    """A licence's file and its folder in the program, for each package of a lock that is here.

    bare: packages that are known to come without one. Raises LookupError for any other.
    """
    # A package stands there more than once where systems need different versions of it.
    for name in dict.fromkeys(_PIN.findall(lock.read_text(encoding="utf-8"))):
        try:
            files = metadata.distribution(name).files or []
        except metadata.PackageNotFoundError:
            continue  # It belongs to another system.
        found = [file for file in files if _FILE.search(file.name) and ".dist-info" in str(file)]
        if not found and name not in bare:
            raise LookupError(f"{name} comes without a licence.")
        for file in found:
            inside = file.relative_to(file.parts[0]).parent
            yield Path(str(file.locate())), f"licences/{name}/{inside.as_posix()}"
