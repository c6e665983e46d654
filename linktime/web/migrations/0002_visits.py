from django.db import migrations, models


class Migration(migrations.Migration):
    """Counting visits writes no log: what a crash would lose is one minute's count."""

    dependencies = [("web", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="VisitWindow",
            fields=[
                ("visitor", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("began_at", models.DateTimeField()),
                ("used", models.PositiveIntegerField()),
            ],
        ),
        migrations.RunSQL("ALTER TABLE web_visitwindow SET UNLOGGED", "ALTER TABLE web_visitwindow SET LOGGED"),
    ]
