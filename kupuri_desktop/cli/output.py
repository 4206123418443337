"""What the commands say: results on stdout, everything else on stderr, progress on terminals."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

from kupuri_desktop.core.errors import KupuriError


class Output:
    """The two streams of a command. `as_json`: stdout gets one JSON object and nothing else."""

    def __init__(
        self, as_json: bool, stdout: TextIO | None = None, stderr: TextIO | None = None
    ) -> None:
        self.as_json = as_json
        self._stdout = sys.stdout if stdout is None else stdout
        self._stderr = sys.stderr if stderr is None else stderr
        self._told = False

    @property
    def lively(self) -> bool:
        """Whether a person watches: only then are there progress bars and streamed text."""
        return self._stderr.isatty()

    def result(self, value: dict[str, Any], lines: Iterable[str]) -> None:
        """Prints the object, or the lines where no JSON is wanted."""
        if self.as_json:
            self._told = True
            ascii_only = "utf" not in (self._stdout.encoding or "").lower()
            self._say(self._stdout, json.dumps(value, ensure_ascii=ascii_only, indent=2))
            return
        for line in lines:
            self._say(self._stdout, line)

    def note(self, text: str) -> None:
        """Prints one line for a person on stderr."""
        self._say(self._stderr, text)

    def stream(self, text: str) -> None:
        """Adds text to stderr as it comes, where somebody watches."""
        if self.lively:
            self._stderr.write(printable(text, self._stderr))
            self._stderr.flush()

    def failure(self, error: KupuriError) -> None:
        """Prints why it failed, and what was kept and what mends it, in one line."""
        self.note("kupuri: " + sentence(error.message, error.kept, error.hint))

    def refusal(self, error: KupuriError) -> None:
        """For `--json`, where nothing else has been printed: what kind of failure it was."""
        if self.as_json and not self._told:
            problem = error.problem
            kind, words = problem.kind, (problem.message, problem.kept, problem.hint)
            self.result({"problem": {"kind": kind, "message": sentence(*words)}}, ())

    def progress(self, title: str) -> "Progress":
        return Progress(title, self._stderr if self.lively else None)

    def flush(self) -> None:
        """Raises BrokenPipeError or another OSError where the output cannot be taken."""
        self._stdout.flush()

    def _say(self, stream: TextIO, text: str) -> None:
        stream.write(printable(text, stream) + "\n")


class Progress:
    """A bar from 0 to 1 on a terminal; silent where there is none. Use it as a context."""

    def __init__(self, title: str, terminal: TextIO | None) -> None:
        self._bar: Any = None
        self._title = title
        self._terminal = terminal

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.close()

    def reach(self, fraction: float, note: str = "") -> None:
        if self._terminal is None:
            return
        if self._bar is None:
            from tqdm import tqdm

            self._bar = tqdm(
                total=1.0,
                desc=self._title,
                file=self._terminal,
                leave=False,
                bar_format="{desc} {percentage:3.0f}% |{bar}| {postfix}",
            )
        self._bar.set_postfix_str(note, refresh=False)
        self._bar.n = max(self._bar.n, min(fraction, 1.0))
        self._bar.refresh()


def sentence(*parts: str) -> str:
    """Joins sentences into one line."""
    return " ".join(" ".join(parts).split())


def printable(text: str, stream: TextIO) -> str:
    """Replaces what the stream's encoding cannot hold."""
    encoding = stream.encoding or "utf-8"
    return text.encode(encoding, "backslashreplace").decode(encoding)


def shown(path: Path) -> str:
    """A path as a person types it; bytes that are no text are replaced."""
    return str(path).encode("utf-8", "replace").decode()
