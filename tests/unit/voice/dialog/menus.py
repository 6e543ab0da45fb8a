"""A small restaurant with one of everything the dialogue has to deal with."""

from __future__ import annotations

from dataclasses import replace

from restaurants.menu import (
    AllergenFact,
    Category,
    Combo,
    ComboChoice,
    ComboSize,
    ComboSlot,
    GroupLink,
    Item,
    Menu,
    ModifierGroup,
    Option,
    Portioning,
    TaxClass,
    Variation,
)

SIZES = (
    Variation("s", "Small", 900, {"es": "Pequeña"}),
    Variation("m", "Medium", 1200, {"es": "Mediana"}),
    Variation("l", "Large", 1500, {"es": "Grande"}),
)
CUPS = (
    Variation("r", "Regular", 250, {"es": "Normal"}, is_default=True),
    Variation("l", "Large", 350, {"es": "Grande"}),
)

MENU = Menu(
    name="Casa Prueba",
    slug="casa",
    languages=("en", "es"),
    tax_classes=(TaxClass("standard", "Standard", 1000),),
    categories=(
        Category("pizzas", "Pizzas"),
        Category("burgers", "Burgers", {"es": "Hamburguesas"}),
        Category("drinks", "Drinks", {"es": "Bebidas"}),
    ),
    modifier_groups=(
        ModifierGroup(
            "toppings",
            "Toppings",
            (
                Option("onions", "Onions", 100, {"es": "Cebolla"}),
                Option("mushrooms", "Mushrooms", 150, {"es": "Champiñones"}),
                Option("cheese", "Cheese", 100, {"es": "Queso"}, allergens=("milk",)),
            ),
            {"es": "Ingredientes"},
            portionable=True,
        ),
        ModifierGroup(
            "sauce",
            "Sauce",
            (
                Option("ranch", "Ranch", 0, {"es": "Ranchera"}),
                Option("bbq", "BBQ sauce", 50, {"es": "Salsa BBQ"}),
                Option("hot", "Hot sauce", 0, {"es": "Salsa picante"}),
            ),
            {"es": "Salsa"},
        ),
        ModifierGroup("cooking", "Cooking", (Option("well", "Well done", 0, {"es": "Muy hecha"}),), kind="preparation"),
    ),
    items=(
        Item(
            "pepperoni",
            "Pepperoni pizza",
            "pizzas",
            names={"es": "Pizza pepperoni"},
            variations=SIZES,
            modifier_groups=(GroupLink("toppings"),),
            portioning=Portioning.HIGHER,
            allergens=(
                AllergenFact("milk", "contains"),
                AllergenFact("nuts", "free"),
                AllergenFact("egg", "may_contain"),
            ),
        ),
        Item(
            "veggie",
            "Veggie pizza",
            "pizzas",
            names={"es": "Pizza vegetal"},
            variations=SIZES,
            modifier_groups=(GroupLink("toppings", defaults=("mushrooms", "onions")),),
            portioning=Portioning.HIGHER,
        ),
        Item(
            "burger",
            "Burger",
            "burgers",
            800,
            names={"es": "Hamburguesa"},
            description="Beef, bun and pickles.",
            modifier_groups=(GroupLink("sauce", min=1, max=1), GroupLink("toppings"), GroupLink("cooking")),
        ),
        Item(
            "nuggets",
            "Chicken nuggets",
            "burgers",
            names={"es": "Nuggets de pollo"},
            variations=(Variation("6", "6 nuggets", 400, count=6), Variation("20", "20 nuggets", 1000, count=20)),
        ),
        Item("coke", "Coke", "drinks", names={"es": "Coca-Cola"}, variations=CUPS),
        Item("water", "Still water", "drinks", 150, names={"es": "Agua sin gas"}),
        Item("tea", "Iced tea", "drinks", 300, names={"es": "Té helado"}),
    ),
    combos=(
        Combo(
            "deal",
            "Burger deal",
            "burger",
            1200,
            number=1,
            names={"es": "Menú hamburguesa"},
            slots=(ComboSlot("drink", "Drink", (ComboChoice("coke"), ComboChoice("water")), {"es": "Bebida"}),),
            sizes=(ComboSize("reg", "Regular"), ComboSize("big", "Large", 200)),
        ),
    ),
    version="1",
)
EUROS = replace(MENU, currency="EUR", locale="es-ES", tax_inclusive=True)
