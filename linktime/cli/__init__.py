"""The `linktime` command. Errors are one line that says what to do; `--debug` adds the traceback."""

import sys
import traceback
from collections.abc import Sequence

import typer

from linktime.cli.application import application
from linktime.cli.problems import explain


def main() -> None:
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    debug = "--debug" in arguments
    words = [word for word in arguments if word != "--debug"]
    try:
        return typer.main.get_command(application)(words, prog_name="linktime", standalone_mode=False) or 0
    except (typer.Abort, KeyboardInterrupt):
        return 130
    except typer.TyperException as error:
        return _fail(error.format_message(), debug=debug, code=error.exit_code)
    except Exception as error:  # noqa: BLE001 - the last place where one can be told about
        return _fail(explain(error), debug=debug)


def _fail(message: str, *, debug: bool, code: int = 1) -> int:
    if debug:
        traceback.print_exc()
    print(f"linktime: {' '.join(message.split())}", file=sys.stderr)
    return code
