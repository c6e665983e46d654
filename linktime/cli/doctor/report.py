"""`linktime doctor`: what is configured, what answers, and what is behind, in one screen."""

import shutil
import textwrap
from collections.abc import Callable, Iterator, Sequence

from linktime.cli.doctor import answering, behind, configured, sealed
from linktime.cli.doctor.finding import Finding, Level, bad
from linktime.cli.problems import explain

Examination = Callable[[], Iterator[Finding]]

CONFIGURED: Sequence[Examination] = (configured.versions, configured.time_zones, configured.watching, configured.checks)
ANSWERING: Sequence[Examination] = (answering.web, answering.mail, answering.crms, answering.collector)
BEHIND: Sequence[Examination] = (
    behind.schema_state,
    behind.workers,
    behind.jobs,
    sealed.secrets,
    behind.connections,
    behind.records,
)
WIDEST = 110
INDENT = 14


def run() -> int:
    """Print every finding; return the exit code: 1 when something needs a person."""
    found = [("Configured", _all(CONFIGURED))]
    database = _examine(answering.database)
    found.append(("Answering", [*database, *_all(ANSWERING)]))
    if all(finding.level is not Level.BAD for finding in database):
        found.append(("Behind", _all(BEHIND)))
    for heading, findings in found:
        print(heading)
        for finding in findings:
            print(_told(finding))
    needy = sum(finding.level is Level.BAD for _, findings in found for finding in findings)
    print("\nNothing needs you." if not needy else f"\n{needy} of these need you." if needy > 1 else "\nOne needs you.")
    return int(needy > 0)


def _all(examinations: Sequence[Examination]) -> list[Finding]:
    return [finding for examination in examinations for finding in _examine(examination)]


def _examine(examination: Examination) -> list[Finding]:
    """Run one examination; one that fails is a finding, and the others go on."""
    try:
        return list(examination())
    except Exception as error:  # noqa: BLE001 - whatever is broken, the doctor has to say so
        return [bad(examination.__name__.replace("_", " "), "could not be examined.", explain(error))]


def _told(finding: Finding) -> str:
    """Return a finding as lines that fit the terminal."""
    width = min(shutil.get_terminal_size((WIDEST, 0)).columns, WIDEST)
    head = f" {finding.level.value} {finding.area:9} "
    text = f"{finding.text} {finding.remedy}".strip()
    return textwrap.fill(text, width, initial_indent=head, subsequent_indent=" " * INDENT, break_on_hyphens=False)
