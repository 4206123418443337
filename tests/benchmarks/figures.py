"""The figures that a benchmark finds, and how they are printed."""

import json
import os
import platform
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; never asserted on, since it belongs to a machine and its mood.

    peer: the same, in the same unit, for what it is held against, measured in the same run.
    ratio: value over peer where there is one, unless another is given.
    bar: the most that the ratio, or where there is none the value, should be.
    """

    name: str
    value: float
    unit: str
    peer: float | None = None
    ratio: float | None = None
    bar: float | None = None
    note: str = ""

    def __post_init__(self) -> None:
        if self.ratio is None and self.peer:
            object.__setattr__(self, "ratio", self.value / self.peer)

    @property
    def within(self) -> bool | None:
        """Whether the bar is kept; None where there is no bar."""
        if self.bar is None:
            return None
        return (self.value if self.ratio is None else self.ratio) <= self.bar


@dataclass(frozen=True, slots=True)
class Result:
    """What one benchmark found; `problem` says why it found nothing."""

    name: str
    summary: str
    figures: tuple[Figure, ...] = ()
    problem: str = ""


def machine() -> dict[str, str | int]:
    """The machine in general words: enough to judge a figure by, too little to know it by."""
    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count() or 0,
        "python": platform.python_version(),
        "qt": version("PySide6-Essentials"),
    }


def as_json(results: Iterable[Result]) -> str:
    """One object: the machine, then each benchmark with its figures."""
    return json.dumps(
        {
            "machine": machine(),
            "benchmarks": [
                asdict(result)
                | {"figures": [asdict(f) | {"within": f.within} for f in result.figures]}
                for result in results
            ],
        },
        indent=2,
    )


def as_table(results: Iterable[Result]) -> str:
    """A table in Markdown, fit for a terminal and for the README alike."""
    about = machine()
    lines = [
        f"{about['cores']} cores ({about['processor']}), {about['system']}, "
        f"Python {about['python']}, Qt {about['qt']}"
    ]
    for result in results:
        lines += ["", f"**{result.name}**: {result.summary}"]
        if result.problem:
            lines.append(f"no figures: {result.problem}")
        if result.figures:
            lines += ["", *table_of(result.figures)]
    return "\n".join(lines)


def table_of(figures: Sequence[Figure]) -> list[str]:
    head = ("what", "value", "held against", "ratio", "bar", "")
    rows = [
        (
            figure.name,
            f"{number(figure.value)} {figure.unit}".rstrip(),
            "" if figure.peer is None else f"{number(figure.peer)} {figure.unit}".rstrip(),
            "" if figure.ratio is None else f"{figure.ratio:.2f}",
            "" if figure.bar is None else f"{number(figure.bar)}{over(figure)}",
            figure.note,
        )
        for figure in figures
    ]
    # A column in which no figure has anything is left out.
    columns = [column for column in zip(head, *rows, strict=True) if any(column[1:])]
    padded = [[cell.ljust(max(map(len, column))) for cell in column] for column in columns]
    lines = [f"| {' | '.join(row)} |" for row in zip(*padded, strict=True)]
    lines.insert(1, f"|{'|'.join('-' * (len(column[0]) + 2) for column in padded)}|")
    return lines


def over(figure: Figure) -> str:
    return "" if figure.within else " (over)"


def number(value: float) -> str:
    """Three digits are all that a measurement is worth."""
    if value == int(value) and abs(value) < 1e6:
        return str(int(value))
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def progress(text: str) -> None:
    """To stderr, for stdout belongs to the figures."""
    print(text, file=sys.stderr, flush=True)
