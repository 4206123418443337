"""Which projects the home page shows, in which order, and how it words them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from kupuri_desktop.core.projects import Project


class Filter(Enum):
    """The views of the projects."""

    ALL = "all"
    STARRED = "starred"


class Order(Enum):
    """How the cards are sorted."""

    CHANGED = "Last changed"
    CREATED = "Newest"
    NAME = "Name"
    IMAGES = "Most images"


@dataclass(frozen=True, slots=True)
class Listing:
    """What is asked of the list of projects."""

    filter: Filter = Filter.ALL
    order: Order = Order.CHANGED
    search: str = ""

    def of(self, projects: Iterable[Project]) -> list[Project]:
        """The projects that fit, in order. Every word of the search must be in the name."""
        words = self.search.casefold().split()
        fitting = [
            project
            for project in projects
            if self._in_view(project) and all(word in project.name.casefold() for word in words)
        ]
        match self.order:
            case Order.CHANGED:
                fitting.sort(key=lambda project: project.changed, reverse=True)
            case Order.CREATED:
                fitting.sort(key=lambda project: project.created, reverse=True)
            case Order.NAME:
                fitting.sort(key=lambda project: project.name.casefold())
            case Order.IMAGES:
                fitting.sort(key=lambda project: project.images, reverse=True)
        return fitting

    def _in_view(self, project: Project) -> bool:
        """Those in the trash have a page of their own."""
        if project.trashed is not None:
            return False
        return self.filter is Filter.ALL or project.starred


def age(moment: datetime, now: datetime | None = None) -> str:
    """How long ago, in a few words; `moment` is in UTC."""
    seconds = ((now or datetime.now(UTC)) - moment).total_seconds()
    for limit, unit, words in (
        (60, 1, ""),
        (3600, 60, "min"),
        (86_400, 3600, "h"),
        (7 * 86_400, 86_400, "d"),
    ):
        if seconds < limit:
            return f"{int(seconds // unit)} {words} ago" if words else "Just now"
    local = moment.astimezone()
    this_year = (now or datetime.now(UTC)).astimezone().year == local.year
    return f"{local.day} {local:%b}" if this_year else f"{local.day} {local:%b %Y}"


def summary(project: Project, now: datetime | None = None) -> str:
    """The second line of a card: how many images, and how old."""
    match project.images:
        case 0:
            images = "Empty"
        case 1:
            images = "1 image"
        case count:
            images = f"{count:,} images"
    return f"{images} · {age(project.changed, now)}"
