"""A call without a socket cannot stream."""

from django.db import migrations, models

REASONS = (
    "test",
    "disabled",
    "missing",
    "stale",
    "killed",
    "provider_open",
    "overloaded",
    "no_socket",
    "restaurant_on",
    "restaurant_off",
    "everyone",
    "no_percent",
    "percent",
)


class Migration(migrations.Migration):
    dependencies = [("flags", "0004_exposure_reasons")]

    operations = [
        migrations.AlterField(
            model_name="rolloutexposure",
            name="reason",
            field=models.CharField(choices=[(reason, reason) for reason in REASONS], max_length=24),
        ),
    ]
