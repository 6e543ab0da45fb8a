from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("voice", "0004_recording_wall")]

    operations = [
        migrations.AddField(
            model_name="call",
            name="basket",
            field=models.JSONField(
                blank=True, default=dict, help_text="At the last turn: a lost call is rebuilt from it."
            ),
        ),
    ]
