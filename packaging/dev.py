"""One command for everything a developer does with Kupuri; it needs Python alone.

python3 packaging/dev.py run                 opens Kupuri; `run -- ARGS` hands ARGS to kupuri
python3 packaging/dev.py test                all checks and tests; `test -- ARGS`: pytest alone
python3 packaging/dev.py bench [NAME ...] [--json]
python3 packaging/dev.py screenshots         draws the window's states, or those that are named
python3 packaging/dev.py lint                ruff, import contracts, types
python3 packaging/dev.py build               the one-folder program, in dist/kupuri
python3 packaging/dev.py lock                resolves the dependencies anew
"""

# This file stays readable for any Python, so that an old one gets a sentence and no SyntaxError.
import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Kupuri needs Python 3.11 or newer, and this is Python "
        + sys.version.split()[0]
        + ". Start it with a newer one, for example: python3.12 packaging/dev.py"
    )

import verbs

if __name__ == "__main__":
    sys.exit(verbs.main(sys.argv[1:], __doc__))
