from django.db import migrations


def give_places(apps, schema_editor):
    """Make a place of every event type's only host so far."""
    place = apps.get_model("scheduling", "Place")
    event_types = apps.get_model("scheduling", "EventType").objects.values_list("id", "host_id", "schedule_id")
    place.objects.bulk_create(
        place(event_type_id=event_type, host_id=host, schedule_id=schedule)
        for event_type, host, schedule in event_types.iterator()
    )


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0002_hosts_and_rules")]

    operations = [migrations.RunPython(give_places, migrations.RunPython.noop)]
