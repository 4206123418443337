"""What the files of an export are called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from kupuri_desktop.core.file_names import expanded, numbered
from kupuri_desktop.ui.exporting.pieces import Piece
from kupuri_desktop.ui.exporting.wish import Wish, written_scale


def files_of(pieces: Sequence[Piece], wish: Wish) -> int:
    """How many files the pieces become."""
    return min(len(pieces), 1) if wish.format.paged else len(pieces)


def stems(
    pieces: Sequence[Piece], wish: Wish, project: str, now: datetime, most: int | None = None
) -> list[str]:
    """Names without ending, one a file and no two alike; only the first `most` where told."""
    count = files_of(pieces, wish)
    if wish.format.paged and len(pieces) > 1:
        return [
            expanded(wish.pattern, _facts(pieces[0], wish, project, now, "") | {"name": project})
        ]
    digits = len(str(count))
    named = (
        expanded(wish.pattern, _facts(piece, wish, project, now, f"{number:0{digits}}"))
        for number, piece in enumerate(pieces[:most], 1)
    )
    return numbered(named)


def _facts(piece: Piece, wish: Wish, project: str, now: datetime, number: str) -> dict[str, str]:
    width, height = piece.size(wish.scale)
    facts = {
        "project": project,
        "name": piece.name,
        "number": number,
        "width": str(width),
        "height": str(height),
        "scale": written_scale(wish.scale),
        "date": f"{now:%Y-%m-%d}",
        "time": f"{now:%H-%M-%S}",
    }
    only = piece.only
    if only is not None and only.making is not None:
        making = only.making
        facts |= {"prompt": making.prompt, "model": making.model, "seed": str(making.seed)}
    return facts
