"""A call may be kept from streaming by the load of the process that opens it."""

from django.db import migrations, models

REASONS = (
    "test",
    "disabled",
    "missing",
    "stale",
    "killed",
    "provider_open",
    "overloaded",
    "restaurant_on",
    "restaurant_off",
    "everyone",
    "no_percent",
    "percent",
)


class Migration(migrations.Migration):
    dependencies = [("flags", "0003_triggers")]

    operations = [
        migrations.AlterField(
            model_name="rolloutexposure",
            name="reason",
            field=models.CharField(choices=[(reason, reason) for reason in REASONS], max_length=24),
        ),
    ]
