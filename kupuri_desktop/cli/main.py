"""Reads the command line; what a command needs is imported once it is known to be right."""

import sys
from collections.abc import Sequence

from kupuri_desktop.cli.arguments import parser

USAGE = 2


def main(argv: Sequence[str]) -> int:
    """Carries out the command line and returns its exit code; argparse leaves by SystemExit."""
    options = parser().parse_args(list(argv))
    if options.command is None:
        parser().print_usage(sys.stderr)
        return USAGE
    from kupuri_desktop.cli.running import run

    return run(options)
