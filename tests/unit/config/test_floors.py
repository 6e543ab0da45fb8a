"""The contract that keeps the floors apart would notice a module that climbs."""

from grimp import ImportGraph

from tests.floors import FloorsContract

APPS = ["restaurants", "orders", "flags", "voice"]


def broken_imports(*imports: tuple[str, str]) -> list[tuple[str, str]]:
    graph = ImportGraph()
    for importer, imported in imports:
        for module in (importer, imported):
            graph.add_module(module, is_squashed=False)
        graph.add_import(importer=importer, imported=imported, line_number=1, line_contents="")
    options = {
        "name": "floors",
        "apps": APPS,
        "edges": ["admin", "consumers", "views", "voice.batch.views"],
        "services": ["services", "selectors", "restaurants.menu_rows", "voice.batch.storage"],
        "models": ["models"],
        "not_for_pure": ["django", "redis"],
    }
    contract = FloorsContract("floors", session_options={}, contract_options=options)
    check = contract.check(graph, verbose=False)
    return [(module, imported) for module, _floor, imported, _lines in check.metadata["offences"]]


def test_each_floor_may_import_its_own_and_lower_ones() -> None:
    assert not broken_imports(
        ("voice.consumers.browser", "voice.services"),
        ("voice.services", "orders.selectors"),
        ("orders.services", "orders.models"),
        ("orders.models", "orders.cart"),
        ("voice.runner", "voice.dialog.session"),
        ("voice.runner", "msgspec"),
        ("restaurants.menu_rows.reader", "restaurants.models"),
        ("orders.models", "django"),
    )


def test_no_floor_imports_a_higher_one_across_apps_either() -> None:
    climbing = [
        ("orders.cart", "orders.models"),
        ("orders.models", "restaurants.services"),
        ("orders.services.placing", "orders.views"),
        ("voice.dialog.session", "orders.selectors"),
        ("orders.menu_rows", "restaurants.menu_rows"),  # only restaurants' menu_rows is a service
    ]
    assert broken_imports(*climbing) == sorted(climbing)


def test_pure_modules_do_without_the_framework() -> None:
    assert broken_imports(("voice.pool", "django"), ("orders.pricing", "redis")) == [
        ("orders.pricing", "redis"),
        ("voice.pool", "django"),
    ]


def test_modules_of_one_package_may_be_on_several_floors() -> None:
    assert broken_imports(
        ("voice.batch.views", "voice.batch.storage"),
        ("voice.batch.storage", "voice.batch.decode"),
        ("voice.batch.storage", "voice.batch.views"),
        ("voice.batch.decode", "voice.batch.storage"),
    ) == [("voice.batch.decode", "voice.batch.storage"), ("voice.batch.storage", "voice.batch.views")]


def test_a_name_no_floor_lists_is_pure() -> None:
    assert broken_imports(("voice.something_new", "voice.models")) == [("voice.something_new", "voice.models")]
