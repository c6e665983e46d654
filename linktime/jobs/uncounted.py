"""Rows that are written once, each counted once, by whoever comes to count them.

Ids are given before a row is committed, so that one may appear after a higher one: ids that are missing are looked for
again, until so many others have followed that they must have been rolled back.
"""

from django.db.models import Max, Model, Q

from linktime.jobs.models import Bookmark

LATE = 10_000  # ids


def take_uncounted(rows: type[Model], *, most: int) -> list[int] | None:
    """Return the ids of rows that nobody has counted, which count as counted when the caller's transaction commits.

    At most `most` at a time. None: somebody else is counting at this moment.
    """
    Bookmark.objects.get_or_create(name=rows._meta.db_table)
    mark = Bookmark.objects.select_for_update(skip_locked=True).filter(name=rows._meta.db_table).first()
    if mark is None:
        return None
    highest = rows._default_manager.aggregate(highest=Max("pk"))["highest"] or 0
    upto = max(mark.last, min(highest, mark.last + most))
    new = Q(pk__gt=mark.last, pk__lte=upto) | Q(pk__in=mark.gaps)
    found = list(rows._default_manager.filter(new).values_list("pk", flat=True))
    missing = {*mark.gaps, *range(mark.last + 1, upto + 1)}.difference(found)
    mark.last, mark.gaps = upto, sorted(one for one in missing if one > upto - LATE)
    mark.save(update_fields=["last", "gaps"])
    return found
