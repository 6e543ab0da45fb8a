"""A small menu with one of everything the cart has rules for."""

from __future__ import annotations

from dataclasses import replace

from restaurants.menu import (
    AllergenFact,
    Combo,
    ComboChoice,
    ComboSize,
    ComboSlot,
    GroupLink,
    Item,
    Menu,
    MixDeal,
    ModifierGroup,
    Option,
    Portioning,
    Qualifier,
    TaxClass,
    Variation,
)

TOPPINGS = ModifierGroup(
    "toppings",
    "Toppings",
    (
        Option("cheese", "Cheese", 100, {"es": "Queso"}, allergens=("milk",)),
        Option("ham", "Ham", 150, {"es": "Jamón"}),
        Option("olives", "Olives", 125, {"es": "Aceitunas"}, prices_by_variation={"large": 175}),
        Option("truffle", "Truffle", 333, {"es": "Trufa"}),
    ),
    names={"es": "Ingredientes"},
    portionable=True,
    amounts=("no", "light", "regular", "extra", "side"),
)
SAUCE = ModifierGroup(
    "sauce", "Sauce", (Option("red", "Red sauce"), Option("white", "White sauce", 50), Option("bbq", "BBQ sauce", 75))
)
SHOTS = ModifierGroup("shots", "Shots", (Option("vanilla", "Vanilla", 60),), counted=True, amounts=("regular",))
SIDES = ModifierGroup("sides", "Sides", (Option("slaw", "Slaw", item="slaw"), Option("beans", "Beans")))

SIZES = (
    Variation("small", "Small", 800, {"es": "Pequeña"}),
    Variation("large", "Large", 1200, {"es": "Grande"}),
)
PIZZA_GROUPS = (
    GroupLink("toppings", max=6, included=1, defaults=("cheese",)),
    GroupLink("sauce", max=1, defaults=("red",)),
)

MENU = Menu(
    "Sample",
    "sample",
    languages=("en", "es"),
    modifier_groups=(TOPPINGS, SAUCE, SHOTS, SIDES),
    items=(
        Item(
            "plain",
            "Plain pizza",
            "pizza",
            names={"es": "Pizza sencilla"},
            variations=SIZES,
            modifier_groups=PIZZA_GROUPS,
            portioning=Portioning.HIGHER,
            allergens=(AllergenFact("milk", "contains"), AllergenFact("nuts", "free")),
        ),
        Item(
            "fancy",
            "Fancy pizza",
            "pizza",
            variations=tuple(replace(s, price_cents=s.price_cents + 301) for s in SIZES),
            modifier_groups=PIZZA_GROUPS,
            portioning=Portioning.AVERAGE,
            allergens=(AllergenFact("nuts", "may_contain"),),
        ),
        Item("coffee", "Coffee", "drinks", 300, modifier_groups=(GroupLink("shots", max=1),), tax_class="drinks"),
        Item(
            "tea",
            "Tea",
            "drinks",
            variations=(Variation("cup", "Cup", 250, is_default=True), Variation("large", "Pot", 400)),
            tax_class="drinks",
        ),
        Item(
            "burger",
            "Burger",
            "grill",
            900,
            kitchen_name="BRG",
            modifier_groups=(
                GroupLink("toppings"),
                GroupLink("sides", min=1, max=2),
                GroupLink("sauce", prices={"bbq": 0}),
            ),
        ),
        Item("slaw", "Slaw", "sides", 250),
        Item(
            "fries", "Fries", "sides", variations=(Variation("small", "Small", 200), Variation("large", "Large", 300))
        ),
        Item("taco", "Taco", "tacos", 350),
        Item("big_taco", "Big taco", "tacos", 500),
    ),
    combos=(
        Combo(
            "meal",
            "Burger meal",
            "burger",
            1200,
            slots=(
                ComboSlot("drink", "Drink", (ComboChoice("coffee"), ComboChoice("tea", upcharge_cents=30))),
                ComboSlot(
                    "side",
                    "Side",
                    (ComboChoice("fries", "small"), ComboChoice("fries", "large", 80), ComboChoice("slaw")),
                    default="fries",
                ),
            ),
            sizes=(ComboSize("medium", "Medium", is_default=True), ComboSize("large", "Large", 150, {"es": "Grande"})),
        ),
        Combo(
            "pizza_meal",
            "Pizza meal",
            "plain",
            1500,
            variation="small",
            slots=(ComboSlot("drink", "Drink", (ComboChoice("coffee"), ComboChoice("tea"))),),
        ),
        Combo(
            "fancy_meal",
            "Fancy meal",
            "fancy",
            1700,
            variation="small",
            slots=(ComboSlot("drink", "Drink", (ComboChoice("tea"), ComboChoice("coffee"))),),
        ),
    ),
    mix_deals=(MixDeal("three", "Three tacos", 3, 900, ("taco", "big_taco")),),
    qualifiers=(
        Qualifier("no", "no", {"es": "sin"}, 0),
        Qualifier("light", "light", {"es": "poco"}, 100),
        Qualifier("regular", "regular", {"es": "normal"}, 100),
        Qualifier("extra", "extra", {"es": "extra"}, 200),
        Qualifier("side", "on the side", {"es": "aparte"}, 100),
    ),
    tax_classes=(TaxClass("standard", "Standard", 825), TaxClass("drinks", "Drinks", 1000)),
)

INCLUSIVE_MENU = replace(MENU, tax_inclusive=True)
