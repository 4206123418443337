"""Runs one command from start to exit code: 0 done, 1 failed, 2 wrong use, 130 stopped."""

import asyncio
import contextlib
import errno
import logging
import os
import signal
import sys
from collections.abc import Coroutine, Sequence
from typing import Any

from kupuri_desktop.cli.arguments import module_of, parser
from kupuri_desktop.cli.output import Output
from kupuri_desktop.core.errors import KupuriError, UsageError

DONE, FAILED, USAGE, STOPPED = 0, 1, 2, 130


def main(argv: Sequence[str]) -> int:
    """Carries out the command line and returns its exit code; argparse leaves by SystemExit."""
    options = parser().parse_args(list(argv))
    if options.command is None:
        parser().print_usage(sys.stderr)
        return USAGE
    output = Output(options.json)
    # Without a handler of our own, Python would print warnings between our lines.
    logging.getLogger("kupuri_desktop").addHandler(logging.NullHandler())
    try:
        code = _run(module_of(options.command).run(options, output))
        output.flush()
    except UsageError as error:
        output.failure(error)
        return USAGE
    except KupuriError as error:
        output.failure(error)
        return FAILED
    except (KeyboardInterrupt, asyncio.CancelledError):
        output.note("kupuri: Stopped. What was made until now is kept.")
        return STOPPED
    except BrokenPipeError:
        _close_stdout()
        return FAILED
    except OSError as error:
        _close_stdout()
        reason = "there is no room left" if error.errno == errno.ENOSPC else error.strerror
        output.note(f"kupuri: The result could not be written: {reason}.")
        return FAILED
    return code


def _run(command: Coroutine[Any, Any, int]) -> int:
    """Runs the command; the first Ctrl+C or SIGTERM cancels it, so that it can clean up."""

    async def supervised() -> int:
        task = asyncio.current_task()
        assert task is not None
        with contextlib.suppress(NotImplementedError, RuntimeError):
            asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await command

    return asyncio.run(supervised())


def _close_stdout() -> None:
    """Points stdout at nothing, so that the interpreter's own flush at the end cannot fail."""
    with contextlib.suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)
