"""A menu small enough to build models of in a test, with the things that are hard to hear."""

from __future__ import annotations

from restaurants.menu import (
    Alias,
    AliasKind,
    Category,
    Combo,
    GroupLink,
    Item,
    Menu,
    ModifierGroup,
    Option,
    Pronunciation,
    Variation,
)

SIZES = (Variation("small", "Small"), Variation("large", "Large"))
TOPPINGS = ModifierGroup(
    "toppings",
    "Toppings",
    (Option("onions", "Onions"), Option("mushrooms", "Mushrooms"), Option("jalapenos", "Jalapeños")),
    amounts=("no", "light", "regular", "extra", "side"),
    portionable=True,
)
MENU = Menu(
    name="Test Kitchen",
    slug="test-kitchen",
    categories=(Category("pizzas", "Pizzas"), Category("drinks", "Drinks")),
    items=(
        Item("pepperoni", "Pepperoni", "pizzas", variations=SIZES, modifier_groups=(GroupLink("toppings"),)),
        Item("cheese", "Cheese", "pizzas", variations=SIZES, modifier_groups=(GroupLink("toppings"),)),
        Item("horchata", "Horchata", "drinks"),
        Item("coke", "Coke", "drinks", aliases=(Alias("coca cola"), Alias("refresco", "es"))),
        Item("wings", "BBQ Wings & Fries", "sides", aliases=(Alias("cold wings", kind=AliasKind.MISHEARING),)),
    ),
    modifier_groups=(TOPPINGS,),
    combos=(Combo("lunch", "Lunch Deal", "pepperoni", number=3),),
    pronunciations=(Pronunciation("horchata", "or chah ta"), Pronunciation("horchata", "or cha ta", "es")),
)
