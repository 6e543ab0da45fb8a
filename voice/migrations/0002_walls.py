"""Composite foreign keys: a turn can't point into another restaurant's call, nor a call at another's order."""

from django.db import migrations

# (table, columns, table it points into, its columns)
WALLS = [
    ("voice_turn", "restaurant_id, call_id", "voice_call", "restaurant_id, id"),
    ("voice_call", "restaurant_id, order_id", "orders_order", "restaurant_id, id"),
]


def wall(table: str, columns: str, parent: str, parent_columns: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        sql=f"ALTER TABLE {table} ADD CONSTRAINT {table}_wall FOREIGN KEY ({columns}) "
        f"REFERENCES {parent} ({parent_columns}) DEFERRABLE INITIALLY DEFERRED",
        reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {table}_wall",
    )


class Migration(migrations.Migration):
    dependencies = [("voice", "0001_initial")]
    operations = [wall(*each) for each in WALLS]
