"""`python -m linktime.emulators --port 8100`."""

import argparse
from pathlib import Path

from linktime.emulators.server import run


def main() -> None:
    parser = argparse.ArgumentParser(prog="linktime.emulators", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8100, help="0 takes a free one")
    parser.add_argument("--mail", type=Path, help="a folder of .eml files to show")
    parser.add_argument("--seed", type=int, help="makes the order of rows repeatable")
    parser.add_argument("--store", type=Path, help="a file that keeps everything over a restart")
    parser.add_argument("--with-parent", action="store_true", help="end when standard input ends")
    run(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
