"""Says where things lie: the resources that travel with Kupuri, and the data folder.

Nothing here opens or makes a file.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import platformdirs

DATA_VARIABLE = "KUPURI_DATA"


def resource(*parts: str) -> Path:
    """The path of a file in `resources/`.

    In a wheel and in the bundle the folder lies inside the package; in a source tree beside it.
    Raises FileNotFoundError where neither has it: a fault of the build.
    """
    package = Path(str(files("kupuri_desktop")))
    for root in (package / "resources", package.parent / "resources"):
        path = root.joinpath(*parts)
        if path.exists():
            return path
    raise FileNotFoundError("resources/" + "/".join(parts))


@dataclass(frozen=True, slots=True)
class DataFolder:
    """One designer's data. Everything that Kupuri writes unasked lies below `root`."""

    root: Path

    @classmethod
    def choose(cls, explicit: str | None, environment: Mapping[str, str]) -> "DataFolder":
        """`--data FOLDER` first, then KUPURI_DATA, then the system's place for a user's data."""
        named = explicit or environment.get(DATA_VARIABLE)
        if named:
            return cls(Path(named).expanduser().absolute())
        return cls(platformdirs.user_data_path("Kupuri", appauthor=False))

    @property
    def database(self) -> Path:
        return self.root / "kupuri.db"

    @property
    def backups(self) -> Path:
        return self.root / "backups"

    @property
    def damaged(self) -> Path:
        """Where damaged files are set aside whole."""
        return self.root / "damaged"

    @property
    def exports(self) -> Path:
        """Real files for drag-out and copy: other programs read them after the drop."""
        return self.root / "exports"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def window_state(self) -> Path:
        """Theme and window place, read before the database is open; losing it costs nothing."""
        return self.root / "window.json"
