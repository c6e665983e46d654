"""What somebody chose to see of the timeline."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Self

from django import forms

from linktime.connections.models import Connection
from linktime.crm.models import SyncRecord
from linktime.web.dashboard.activity.search import LONGEST
from linktime.web.links import with_query
from linktime.web.reading import Reading

STATES = (
    ("", "All"),
    (SyncRecord.State.FAILED, "Failed"),
    (SyncRecord.State.PENDING, "On the way"),
    (SyncRecord.State.SYNCED, "Arrived"),
    (SyncRecord.State.SKIPPED, "Nothing to do"),
)


class FilterForm(forms.Form):
    """`crms` are the connections that there are to choose from: id and label."""

    search = forms.CharField(
        label="Search",
        required=False,
        max_length=LONGEST,
        widget=forms.TextInput({"type": "search", "placeholder": "Name, email or booking link", "autocomplete": "off"}),
    )
    crm = forms.TypedChoiceField(label="CRM", required=False, coerce=int, empty_value=None)
    since = forms.DateField(label="From", required=False, widget=forms.DateInput({"type": "date"}))
    until = forms.DateField(label="Until", required=False, widget=forms.DateInput({"type": "date"}))

    def __init__(self, *args: Any, crms: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["crm"].choices = [("", "All CRMs"), *crms]  # type: ignore[attr-defined]  # a choice field has them


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page of the timeline ends: the next one begins after this record."""

    at: datetime
    record: int

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read what `str` wrote; None for anything else."""
        at, _, record = text.rpartition("_")
        try:
            moment = datetime.fromisoformat(at)
            return cls(moment, int(record)) if moment.tzinfo and len(record) < 19 else None  # noqa: PLR2004 - a bigint
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}_{self.record}"


@dataclass(frozen=True, slots=True)
class Filters:
    """`crm` is a connection; `since` and `until` are days, both included, in the reader's zone."""

    state: str = ""
    search: str = ""
    crm: int | None = None
    since: date | None = None
    until: date | None = None
    after: Position | None = None

    @property
    def narrowed(self) -> bool:
        return replace(self, after=None) != Filters()

    def moments(self, reading: Reading) -> tuple[datetime | None, datetime | None]:
        """Return the first moment to show and the first one not to."""
        beyond = self.until + timedelta(days=1) if self.until and self.until < date.max else None
        return _begin(self.since, reading), _begin(beyond, reading)

    def address(self, path: str, *, seen: str = "", **changes: Any) -> str:
        """Return where these filters are seen, some of them changed; `seen` is what the asker has already."""
        chosen = replace(self, **changes)
        return with_query(
            path,
            state=chosen.state,
            search=chosen.search,
            crm=chosen.crm,
            since=chosen.since,
            until=chosen.until,
            after=chosen.after,
            seen=seen,
        )


def _begin(day: date | None, reading: Reading) -> datetime | None:
    return datetime.combine(day, time.min, reading.zone).astimezone(UTC) if day else None


def filters_of(form: FilterForm, state: str, after: str) -> Filters:
    """Return what was chosen; what is no choice counts as none."""
    form.full_clean()
    typed = {name: value for name, value in form.cleaned_data.items() if value}
    return Filters(state=state if state in dict(STATES) else "", after=Position.read(after), **typed)


def crms_of(connections: list[Connection], labels: dict[str, str]) -> list[tuple[str, str]]:
    """Return the choices of CRMs; those of which there are several are told apart by their organisation."""
    services = [connection.service for connection in connections]
    return [
        (str(one.pk), labels[one.service] + (f" ({one.organisation_name})" if services.count(one.service) > 1 else ""))
        for one in connections
    ]
