"""A recording can't belong to another restaurant's call."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("voice", "0003_batch_and_metrics")]
    operations = [
        migrations.RunSQL(
            sql="ALTER TABLE voice_recording ADD CONSTRAINT voice_recording_wall FOREIGN KEY (restaurant_id, call_id) "
            "REFERENCES voice_call (restaurant_id, id) DEFERRABLE INITIALLY DEFERRED",
            reverse_sql="ALTER TABLE voice_recording DROP CONSTRAINT voice_recording_wall",
        )
    ]
