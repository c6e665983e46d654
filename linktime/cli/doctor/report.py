"""`linktime doctor`: what is configured, what answers, and what is behind, in one screen."""

from collections.abc import Callable, Iterator, Sequence

from linktime.cli.doctor import answering, behind, configured
from linktime.cli.doctor.finding import Finding, Level, bad
from linktime.cli.problems import explain

Examination = Callable[[], Iterator[Finding]]

WITHOUT_DATABASE: Sequence[Examination] = (
    configured.versions,
    configured.settings_checks,
    answering.web,
    answering.mail,
)
WITH_DATABASE: Sequence[Examination] = (behind.schema_state, behind.workers, behind.jobs, behind.keys, behind.crm)


def run() -> int:
    """Print every finding; return the exit code: 1 when something needs a person."""
    findings = list(_examine(answering.database))
    database_answers = all(finding.level is not Level.BAD for finding in findings)
    for examination in (*WITHOUT_DATABASE, *(WITH_DATABASE if database_answers else ())):
        findings += _examine(examination)
    for finding in findings:
        print(_line(finding))
    needy = sum(finding.level is Level.BAD for finding in findings)
    print(f"\n{needy} of these need you." if needy else "\nNothing needs you.")
    return int(needy > 0)


def _examine(examination: Examination) -> list[Finding]:
    """Run one examination; one that fails is a finding, and the others go on."""
    try:
        return list(examination())
    except Exception as error:  # noqa: BLE001 - whatever is broken, the doctor has to say so
        return [bad(examination.__name__.replace("_", " "), "could not be examined.", explain(error))]


def _line(finding: Finding) -> str:
    return f"{finding.level.value}  {finding.area:10}  {finding.text} {finding.remedy}".rstrip()
