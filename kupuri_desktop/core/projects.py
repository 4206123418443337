"""A project as the home page knows it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from kupuri_desktop.core.ids import new_id
from kupuri_desktop.core.models import ModelRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """One canvas with its chats. `cover` is the asset shown on its card; `images` how many it has.

    text_model, image_model: the choice remembered for this project; None follows the settings.
    """

    id: str = field(default_factory=new_id)
    name: str = "Untitled"
    created: datetime = field(default_factory=lambda: datetime.now(UTC))
    changed: datetime = field(default_factory=lambda: datetime.now(UTC))
    starred: bool = False
    trashed: datetime | None = None
    cover: str | None = None
    images: int = 0
    text_model: ModelRef | None = None
    image_model: ModelRef | None = None
