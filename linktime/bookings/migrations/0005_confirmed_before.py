from django.db import migrations
from django.db.models import F


def confirm(apps, schema_editor):
    """Take every booking so far as confirmed when it was made: none had to wait."""
    apps.get_model("bookings", "Booking").objects.update(confirmed_at=F("created_at"))


class Migration(migrations.Migration):
    dependencies = [("bookings", "0004_seats_waiting_holds_reminders")]

    operations = [migrations.RunPython(confirm, migrations.RunPython.noop)]
