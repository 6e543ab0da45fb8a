"""Foreign keys over (version, parent) and (restaurant, version): a menu row can't point into another menu or tenant."""

from collections.abc import Iterator

from django.db import migrations

# table -> {column: table it points into}; every one of these tables has version_id and restaurant_id
PARENTS: dict[str, dict[str, str]] = {
    "category": {},
    "taxclass": {},
    "qualifier": {},
    "modifiergroup": {},
    "pronunciation": {},
    "preset": {},
    "mixdeal": {},
    "item": {"category_id": "category", "tax_class_id": "taxclass"},
    "variation": {"item_id": "item"},
    "option": {"group_id": "modifiergroup", "item_id": "item"},
    "optionprice": {"option_id": "option"},
    "itemgroup": {"item_id": "item", "group_id": "modifiergroup"},
    "itemgroupoption": {"link_id": "itemgroup", "option_id": "option"},
    "presetchoice": {"preset_id": "preset", "option_id": "option"},
    "presetitem": {"preset_id": "preset", "item_id": "item"},
    "allergenfact": {"item_id": "item"},
    "combo": {"item_id": "item", "variation_id": "variation"},
    "comboslot": {"combo_id": "combo", "default_item_id": "item"},
    "combochoice": {"slot_id": "comboslot", "item_id": "item", "variation_id": "variation"},
    "combosize": {"combo_id": "combo"},
    "mixdealitem": {"deal_id": "mixdeal", "item_id": "item"},
    "alias": {
        "category_id": "category",
        "item_id": "item",
        "variation_id": "variation",
        "group_id": "modifiergroup",
        "option_id": "option",
        "preset_id": "preset",
        "combo_id": "combo",
        "combo_size_id": "combosize",
    },
}


def operation(table: str, name: str, columns: str, parent: str, parent_columns: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        sql=f"ALTER TABLE restaurants_{table} ADD CONSTRAINT {name} FOREIGN KEY ({columns}) "
        f"REFERENCES restaurants_{parent} ({parent_columns}) DEFERRABLE INITIALLY DEFERRED",
        reverse_sql=f"ALTER TABLE restaurants_{table} DROP CONSTRAINT {name}",
    )


def operations() -> Iterator[migrations.RunSQL]:
    for table, columns in PARENTS.items():
        yield operation(
            table, f"{table}_of_restaurant", "restaurant_id, version_id", "menuversion", "restaurant_id, id"
        )
        for column, parent in columns.items():
            yield operation(table, f"{table}_{column}_same_version", f"version_id, {column}", parent, "version_id, id")


class Migration(migrations.Migration):
    dependencies = [("restaurants", "0001_initial")]
    operations = list(operations())
