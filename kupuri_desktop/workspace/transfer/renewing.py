"""Gives everything of a parcel new ids, and lets what names something follow.

What names nothing in the parcel names nothing afterwards: no id from outside is ever stored.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from kupuri_desktop.core.assets import Asset
from kupuri_desktop.core.chat import ImagePart, Message, Session, ToolCallPart
from kupuri_desktop.core.groups import renewal
from kupuri_desktop.core.ids import new_id
from kupuri_desktop.core.items import FrameItem, ImageItem, Item, LineItem, Making
from kupuri_desktop.core.projects import Project
from kupuri_desktop.storage.adoption import Arrival, DoneJob
from kupuri_desktop.workspace.transfer.parcel import Parcel, ParcelChat

UNNAMED = "Untitled"
UNREADABLE_SIDE = 256

_TOLD_ID = re.compile(
    r"\b(?:i([0-9a-f]{4,8}(?:-[0-9a-f]{1,12})*)|([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))\b"
)
_TOLD_LETTERS = 8


def renewed(parcel: Parcel, assets: Mapping[str, Asset]) -> Arrival:
    """The parcel as a project of its own; image items without stored bytes are left out.

    assets: what is stored by now, by the parcel's own names.
    """
    return _Renewal(parcel, assets).arrival()


class _Renewal:
    def __init__(self, parcel: Parcel, assets: Mapping[str, Asset]) -> None:
        self._parcel = parcel
        self._assets = assets
        self._project = new_id()
        self._kept = [item for item in parcel.items if self._is_whole(item)]
        self._items = {item.id: new_id() for item in self._kept}
        self._frames = {item.id: item.frame for item in self._kept if isinstance(item, FrameItem)}
        self._group = renewal(item.group for item in self._kept)
        self._runs: dict[str, str] = defaultdict(new_id)
        self._sessions = {chat.session.id: new_id() for chat in parcel.chats}
        self._jobs = {each.job.id: new_id() for each in parcel.jobs if self._has_item(each)}

    def arrival(self) -> Arrival:
        now = datetime.now(UTC)
        parcel = self._parcel
        project = Project(
            id=self._project,
            name=parcel.name or UNNAMED,
            created=min(parcel.created or now, now),
            changed=now,
        )
        return Arrival(
            project,
            tuple(map(self._item, self._kept)),
            tuple(map(self._chat, parcel.chats)),
            tuple(self._job(each) for each in parcel.jobs if self._has_item(each)),
            parcel.palette,
        )

    def _is_whole(self, item: Item) -> bool:
        return not isinstance(item, ImageItem) or item.asset in self._assets

    def _has_item(self, done: DoneJob) -> bool:
        return done.job.item in self._items

    def _item(self, item: Item) -> Item:
        common = replace(
            item,
            id=self._items[item.id],
            group=self._group(item.group) if item.group else None,
            frame=self._frame(item),
        )
        match common:
            case ImageItem():
                return self._image(common)
            case LineItem():
                return replace(
                    common,
                    start_item=self._other(common.start_item, item),
                    end_item=self._other(common.end_item, item),
                )
            case _:
                return common

    def _frame(self, item: Item) -> str | None:
        """The frame that holds it, unless it holds that frame in turn."""
        seen = {item.id}
        above = item.frame
        while above is not None and above in self._frames:
            if above in seen:
                return None
            seen.add(above)
            above = self._frames[above]
        return self._items[item.frame] if item.frame and item.frame in self._frames else None

    def _other(self, key: str | None, item: Item) -> str | None:
        return self._items.get(key) if key is not None and key != item.id else None

    def _image(self, item: ImageItem) -> ImageItem:
        asset = self._assets[item.asset]
        width = asset.width or item.natural_width or UNREADABLE_SIDE
        height = asset.height or item.natural_height or UNREADABLE_SIDE
        mask = self._assets.get(item.mask) if item.mask else None
        return replace(
            item,
            asset=asset.id,
            mask=mask.id if mask else None,
            natural_width=width,
            natural_height=height,
            width=item.width or float(width),
            height=item.height or float(height),
            making=self._making(item.making) if item.making else None,
        )

    def _making(self, making: Making) -> Making:
        return replace(
            making,
            job=self._jobs.get(making.job, ""),
            run=self._runs[making.run] if making.run else "",
            session=self._sessions.get(making.session, ""),
            parents=tuple(self._items[key] for key in making.parents if key in self._items),
        )

    def _chat(self, chat: ParcelChat) -> tuple[Session, tuple[Message, ...]]:
        key = self._sessions[chat.session.id]
        session = replace(chat.session, id=key, project=self._project)
        return session, tuple(self._message(key, message) for message in chat.messages)

    def _message(self, session: str, message: Message) -> Message:
        parts = (self._part(part) for part in message.parts)
        return replace(
            message,
            id=new_id(),
            session=session,
            run=self._runs[message.run] if message.run else None,
            parts=tuple(part for part in parts if part is not None),
        )

    def _part(self, part: Any) -> Any:
        match part:
            case ImagePart(asset=asset):
                known = self._assets.get(asset)
                if known is None:
                    return None
                item = self._items.get(part.item) if part.item else None
                marked = self._assets.get(part.marked) if part.marked else None
                return replace(
                    part,
                    asset=known.id,
                    item=item,
                    mime=known.mime,
                    marked=marked.id if marked else None,
                )
            case ToolCallPart():
                return replace(
                    part,
                    arguments={key: self._told(value) for key, value in part.arguments.items()},
                    result=self._told(part.result),
                    items=tuple(self._items[key] for key in part.items if key in self._items),
                )
            case _:
                return part

    def _job(self, done: DoneJob) -> DoneJob:
        job = done.job
        key = self._jobs[job.id]
        source = self._assets.get(done.source) if done.source else None
        mask = self._assets.get(done.mask) if done.mask else None
        asset = self._assets.get(done.source_asset)
        return DoneJob(
            replace(
                job,
                id=key,
                project=self._project,
                session=self._sessions.get(job.session) if job.session else None,
                run=self._runs[job.run] if job.run else None,
                request=replace(job.request, job_id=key),
                item=self._items[job.item] if job.item else None,
            ),
            source=source.id if source else "",
            mask=mask.id if mask and source else None,
            source_asset=asset.id if asset else "",
        )

    def _told(self, value: Any) -> Any:
        """What a model said and was told of items, by their ids or by short beginnings of them."""
        match value:
            case str():
                return _TOLD_ID.sub(self._told_anew, value)
            case list():
                return [self._told(each) for each in value]
            case dict():
                return {key: self._told(each) for key, each in value.items()}
            case _:
                return value

    def _told_anew(self, match: re.Match[str]) -> str:
        start, whole = match.groups()
        if whole is not None:
            return self._items.get(whole, whole)
        place = bisect_left(self._sorted, start)
        found = [key for key in self._sorted[place : place + 2] if key.startswith(start)]
        return "i" + self._items[found[0]][:_TOLD_LETTERS] if len(found) == 1 else match[0]

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted(self._items)
