"""Finds the few colours that a picture is made of.

k-means in OKLab, where distances are as the eye has them
(https://bottosson.github.io/posts/oklab/). It begins with colours far from each other, so that
a small bright patch is not lost in a large dull one, and ends the same each time.
"""

import io
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

DRAWN = 6
"""How many colours are drawn from a picture."""

_SIDE = 64
_NEAR = 0.05
"""In OKLab: closer colours look the same beside each other."""

_STRAY = 50
"""A colour must be that part of the picture to count: one in fifty pixels."""

_ROUNDS = 16


def colours_of(picture: bytes, count: int = DRAWN) -> tuple[str, ...]:
    """#rrggbb, those of the most area first; fewer where there are fewer. Slow: for a thread.

    What is transparent does not count. Bytes that are no picture have no colours.
    """
    seen = _pixels(picture)
    if seen is None or not len(seen):
        return ()
    import numpy as np

    lab = _oklab(seen)
    centres = _beginnings(lab, count)
    nearest = _nearest(lab, centres)
    for _ in range(_ROUNDS):
        centres = np.array(
            [
                lab[nearest == n].mean(axis=0) if (nearest == n).any() else centre
                for n, centre in enumerate(centres)
            ]
        )
        before, nearest = nearest, _nearest(lab, centres)
        if (before == nearest).all():
            break
    amounts = np.bincount(nearest, minlength=len(centres))
    found: dict[str, None] = {}
    for n in np.argsort(-amounts, kind="stable").tolist():
        if amounts[n]:
            found.setdefault(_middle(seen, lab, nearest == n, centres[n]))
    return tuple(found)


def _pixels(picture: bytes) -> Any:
    """Rows of red, green, blue, 0 to 255; None where it is no picture."""
    import numpy as np
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(picture)) as opened:
            opened.draft("RGB", (_SIDE, _SIDE))
            small = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return None
    small.thumbnail((_SIDE, _SIDE))
    pixels = np.asarray(small, np.float64).reshape(-1, 4)
    return pixels[pixels[:, 3] > 127][:, :3]


def _beginnings(lab: "Numbers", count: int) -> "Numbers":
    import numpy as np

    centres = np.median(lab, axis=0, keepdims=True)
    while len(centres) < count:
        far = _squares(lab, centres).min(axis=1)
        # The one farthest away that is not alone.
        enough = np.sort(far)[-max(len(lab) // _STRAY, 1)]
        if enough < _NEAR**2:
            break
        at = int(np.abs(far - enough).argmin())
        centres = np.vstack([centres, lab[at]])
    return centres


def _middle(seen: "Numbers", lab: "Numbers", mine: Any, centre: "Numbers") -> str:
    """What most of its kind are, or the one nearest to the mean: that one somebody painted."""
    import numpy as np

    kinds, counts = np.unique(seen[mine], axis=0, return_counts=True)
    if counts.max() * 10 >= counts.sum():
        red, green, blue = (int(level) for level in kinds[int(counts.argmax())])
        return f"#{red:02x}{green:02x}{blue:02x}"
    distances = ((lab[mine] - centre) ** 2).sum(axis=1)
    red, green, blue = (int(level) for level in seen[mine][int(distances.argmin())])
    return f"#{red:02x}{green:02x}{blue:02x}"


def _nearest(lab: "Numbers", centres: "Numbers") -> Any:
    return _squares(lab, centres).argmin(axis=1)


def _squares(lab: "Numbers", centres: "Numbers") -> Any:
    return ((lab[:, None] - centres[None]) ** 2).sum(axis=2)


def _oklab(rgb: "Numbers") -> "Numbers":
    """The matrices are those of the page above."""
    import numpy as np

    share = rgb / 255
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    cones = np.cbrt(
        linear
        @ np.array(
            [
                [0.4122214708, 0.2119034982, 0.0883024619],
                [0.5363325363, 0.6806995451, 0.2817188376],
                [0.0514459929, 0.1073969566, 0.6299787005],
            ]
        )
    )
    turned: Numbers = cones @ np.array(
        [
            [0.2104542553, 1.9779984951, 0.0259040371],
            [0.7936177850, -2.4285922050, 0.7827717662],
            [-0.0040720468, 0.4505937099, -0.8086757660],
        ]
    )
    return turned
