"""Composite foreign keys, so that a row can't point into another restaurant's order; events that can't be rewritten."""

from collections.abc import Iterator

from django.db import migrations

# table -> [(columns, table it points into, its columns)]
WALLS = {
    "orders_orderline": [
        ("restaurant_id, order_id", "orders_order", "restaurant_id, id"),
        ("order_id, parent_id", "orders_orderline", "order_id, id"),
    ],
    "orders_lineoption": [("restaurant_id, line_id", "orders_orderline", "restaurant_id, id")],
    "orders_orderevent": [("restaurant_id, order_id", "orders_order", "restaurant_id, id")],
    "orders_ticket": [("restaurant_id, order_id", "orders_order", "restaurant_id, id")],
}


def walls() -> Iterator[migrations.RunSQL]:
    for table, keys in WALLS.items():
        for number, (columns, parent, parent_columns) in enumerate(keys):
            name = f"{table}_wall_{number}"
            yield migrations.RunSQL(
                sql=f"ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) "
                f"REFERENCES {parent} ({parent_columns}) DEFERRABLE INITIALLY DEFERRED",
                reverse_sql=f"ALTER TABLE {table} DROP CONSTRAINT {name}",
            )


APPEND_ONLY = """
CREATE FUNCTION orders_refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'order events are append-only' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER orders_event_append_only BEFORE UPDATE OR DELETE ON orders_orderevent
    FOR EACH ROW EXECUTE FUNCTION orders_refuse_rewriting();
"""
REWRITABLE = """
DROP TRIGGER orders_event_append_only ON orders_orderevent;
DROP FUNCTION orders_refuse_rewriting();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_initial")]
    operations = [*walls(), migrations.RunSQL(sql=APPEND_ONLY, reverse_sql=REWRITABLE)]
