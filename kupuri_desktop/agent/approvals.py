"""Asks the user before a tool runs: a question that is stored, and a future that waits."""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from kupuri_desktop.core.chat import Confirmation, ConfirmationState

Keep = Callable[[Confirmation], Awaitable[None]]
"""Stores a confirmation, new or answered; returns when it is committed."""


def digest(tool: str, arguments: dict[str, Any]) -> str:
    """What an approval is bound to: the sha256 of the tool's name and its exact arguments."""
    exact = json.dumps([tool, arguments], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(exact.encode()).hexdigest()


async def _forget(confirmation: Confirmation) -> None:
    """Keeps nothing: for callers that need no record."""


class Approvals:
    """The open questions of all runs. An answer counts once, for one call."""

    def __init__(self, keep: Keep | None = None) -> None:
        self._keep = keep or _forget
        self._open: dict[str, asyncio.Future[bool]] = {}

    async def ask(
        self, confirmation: Confirmation, announce: Callable[[Confirmation], None]
    ) -> bool:
        """Stores the question, announces it, and waits for `answer`.

        A run that ends meanwhile leaves the question expired, never approved.
        """
        answer: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._open[confirmation.id] = answer
        state = ConfirmationState.EXPIRED
        try:
            await self._keep(confirmation)
            announce(confirmation)
            approved = await answer
            state = ConfirmationState.APPROVED if approved else ConfirmationState.REJECTED
        finally:
            self._open.pop(confirmation.id, None)
            await self._keep(replace(confirmation, state=state, answered=datetime.now(UTC)))
        return approved

    def answer(self, confirmation: str, approved: bool) -> bool:
        """Answers an open question; False where none of that id is open (any more)."""
        future = self._open.get(confirmation)
        if future is None or future.done():
            return False
        future.set_result(approved)
        return True
