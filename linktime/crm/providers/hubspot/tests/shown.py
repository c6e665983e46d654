"""What tests look at: records here, objects there."""

from linktime.crm.models import SyncRecord


def calls_of(emulator, act):
    before = emulator.api_calls()
    act()
    return emulator.api_calls() - before


def only(rows):
    (row,) = rows
    return row


def record_of(booking):
    return SyncRecord.objects.get(booking=booking)


def meetings_of(emulator, contact_id):
    rows = emulator.state()["associations"]
    return [row["from"]["id"] for row in rows if contact_id in {one["toObjectId"] for one in row["to"]}]
