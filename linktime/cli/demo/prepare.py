"""Bring a demo's database to where it should be; a process of its own: `python -m linktime.cli.demo.prepare`."""

import sys

from linktime.cli import installation, schema
from linktime.cli.demo import fingerprint
from linktime.cli.problems import explain


def main() -> None:
    try:
        installation.configure()
        schema.migrate(quiet=True)
        from linktime.cli.demo import seed

        seed.sow(installation.data_folder())
        fingerprint.remember(installation.data_folder())
    except Exception as error:  # noqa: BLE001 - the demo shows the last line
        sys.exit(explain(error))


if __name__ == "__main__":
    main()
