"""Three small restaurants of our own, and a talker who takes utterances to carts written as short lines."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from orders.cart import apply_edits
from orders.cart_types import Applied, Cart, Line, Portion
from orders.understanding import CompiledMenu, compile_menu
from orders.understanding.types import Expectation, Understanding
from restaurants.menu import Menu
from restaurants.menu_format import parse_menu

ALL_AMOUNTS = ["no", "light", "regular", "extra", "side"]


def group(ident: str, name: str, options: Iterable[str], **more: Any) -> dict[str, Any]:
    return {
        "id": ident,
        "name": name,
        "amounts": ALL_AMOUNTS,
        "options": [{"id": slug(o), "name": o, "price_cents": 100} for o in options],
        **more,
    }


def item(name: str, category: str, *groups: str, sizes: Iterable[str] = (), **more: Any) -> dict[str, Any]:
    return {
        "id": slug(name),
        "name": name,
        "category": category,
        "price_cents": 500,
        "variations": [{"id": slug(s), "name": s, "price_cents": 900} for s in sizes],
        "modifier_groups": [{"group": g} if isinstance(g, str) else g for g in groups],
        **more,
    }


def slug(name: str) -> str:
    return "".join(c if c.isalnum() else "_" for c in name.lower().replace("ñ", "n")).strip("_")


def preset(ident: str, name: str, of: str, options: Iterable[str]) -> dict[str, Any]:
    return {"id": ident, "name": name, "choices": [{"group": of, "option": option} for option in options]}


SIZES = ("Small", "Medium", "Large")
COUNTS = (6, 10, 20)

PIZZERIA = {
    "name": "Forno Uno",
    "slug": "forno-uno",
    "modifier_groups": [
        group("toppings", "Toppings",
              ["Pepperoni", "Onions", "Mushrooms", "Fresh Basil", "Green Olives", "Black Olives", "Ham", "Pineapple"],
              portionable=True),
        group("cheeses", "Cheeses", ["Mozzarella", "Goat Cheese", "Vegan Cheese"], portionable=True),
        group("crust", "Crust", ["Thin Crust", "Stuffed Crust"], amounts=["regular"]),
    ],
    "items": [
        item("Build Your Own Pizza", "Pizzas", "toppings", "cheeses", "crust", sizes=SIZES, aliases=["pizza"]),
        item("Pepperoni Pizza", "Pizzas", "toppings", "cheeses", "crust", sizes=SIZES, portioning="higher"),
        item("Margherita", "Pizzas", "toppings", "cheeses", "crust", sizes=SIZES, portioning="higher"),
        item("Funghi", "Pizzas", "toppings", "cheeses", "crust", sizes=SIZES, portioning="higher"),
        item("Garlic Bread", "Sides"),
        item("Coca-Cola", "Drinks", sizes=("Can", "Bottle")),
        item("Lemonade", "Drinks"),
        item("Green Tea", "Drinks"),
        item("Black Tea", "Drinks"),
    ],
    "presets": [
        preset("works", "The works", "toppings", ["onions", "mushrooms", "ham"]),
        {"id": "plain", "name": "Plain", "choices": [{"group": "toppings", "option": "onions", "amount": "no"}]},
    ],
}  # fmt: skip

DRIVE_IN = {
    "name": "Roadside",
    "slug": "roadside",
    "modifier_groups": [
        group("build", "On the burger", ["Pickles", "Onions", "Lettuce", "Tomato", "Ketchup", "Mayonnaise"]),
        group("cheese", "Cheese", ["American", "Swiss"]),
        group("patties", "Patties", ["Beef Patty"], amounts=["regular"], counted=True),
        group("dips", "Dips", ["Ranch", "Barbecue Sauce"], counted=True),
        group("ice", "Ice", ["Ice"]),
    ],
    "items": [
        item("Hamburger", "Burgers", {"group": "build", "defaults": ["pickles", "onions"]}, "cheese", "patties"),
        item("Double Hamburger", "Burgers", "build", "cheese", "patties"),
        item("Crispy Chicken Sandwich", "Sandwiches", "build", "cheese"),
        item("Grilled Chicken Sandwich", "Sandwiches", "build", "cheese"),
        {
            **item("Nuggets", "Sides", "dips"),
            "variations": [{"id": f"n{n}", "name": f"{n} pieces", "count": n, "price_cents": n * 50} for n in COUNTS],
        },
        item("French Fries", "Sides", sizes=SIZES),
        item("Onion Rings", "Sides", sizes=SIZES),
        item("Cola", "Drinks", "ice", sizes=SIZES),
        item("Orange Soda", "Drinks", "ice", sizes=SIZES),
        item("Milkshake", "Drinks", sizes=SIZES),
    ],
    "combos": [
        {
            "id": f"combo_{number}",
            "name": f"{main} Combo",
            "item": slug(main),
            "number": number,
            "price_cents": 900,
            "sizes": [{"id": "medium", "name": "Medium"}, {"id": "large", "name": "Large"}],
            "slots": [
                {"id": "side", "name": "Side", "choices": [{"item": "french_fries"}, {"item": "onion_rings"}]},
                {"id": "drink", "name": "Drink", "choices": [{"item": "cola"}, {"item": "orange_soda"}]},
            ],
        }
        for number, main in enumerate(("Hamburger", "Double Hamburger", "Crispy Chicken Sandwich"), start=1)
    ],
}  # fmt: skip

TAQUERIA = {
    "name": "El Patio",
    "slug": "el-patio",
    "languages": ["es", "en"],
    "modifier_groups": [
        group("encima", "Encima", ["Cebolla", "Cilantro", "Piña"]),
        group("salsas", "Salsas", ["Salsa verde", "Salsa roja"]),
    ],
    "items": [
        item("Taco al pastor", "Tacos", "encima", "salsas"),
        item("Taco de carnitas", "Tacos", "encima", "salsas"),
        item("Taco de pescado", "Tacos", "encima", "salsas"),
        item("Quesadilla", "Platos", "salsas"),
        item("Horchata", "Bebidas", sizes=("Mediana", "Grande")),
        item("Agua de jamaica", "Bebidas", sizes=("Mediana", "Grande")),
    ],
    "presets": [preset("todo", "Con todo", "encima", ["cebolla", "cilantro"])],
}  # fmt: skip

DOCUMENTS = {"pizzeria": PIZZERIA, "drive_in": DRIVE_IN, "taqueria": TAQUERIA}


@cache
def menu_of(name: str) -> Menu:
    return parse_menu(DOCUMENTS[name])


@cache
def understander(name: str, language: str = "en") -> CompiledMenu:
    return compile_menu(menu_of(name), language)


class Talker:
    """A customer at one restaurant. `says` returns the understanding; `basket` is the cart as short lines."""

    def __init__(self, name: str, language: str = "en") -> None:
        self.menu = menu_of(name)
        self.ears = understander(name, language)
        self.cart = Cart()
        self.applied = Applied(self.cart)

    def says(self, *texts: str, expect: Expectation = Expectation()) -> Understanding:  # noqa: B008  # frozen
        found = Understanding("")
        for text in texts:
            found = self.ears.understand(text, self.cart, expect)
            self.applied = apply_edits(self.cart, found.edits, self.menu)
            self.cart = self.applied.cart
        return found

    def answers(self, text: str) -> Understanding:
        """Says it as the answer to the first problem the cart has."""
        return self.says(text, expect=Expectation(problems=self.applied.problems[:1]))

    @property
    def basket(self) -> list[str]:
        return [brief(line) for line in self.cart.lines]


def brief(line: Line) -> str:
    """"2 large pepperoni_pizza: onions no"."""  # fmt: skip
    what = " / ".join(half.item for half in line.halves) or " | ".join(line.candidates) or line.item
    text = " ".join(filter(None, (str(line.quantity), line.variation, what)))
    details = [_choice(o.option, o.amount, o.count, o.portion) for o in line.options]
    details += ["|".join(e.candidates) + "?" for e in line.unresolved]
    if line.combo is not None:
        slots = "+".join(f"{c.item}({c.variation})" if c.variation else c.item for c in line.combo.choices)
        text += f" [{' '.join(filter(None, (line.combo.combo, line.combo.size, slots)))}]"
    return f"{text}: {', '.join(sorted(details))}" if details else text


def _choice(option: str, amount: str, count: int, portion: Portion) -> str:
    more = [amount if amount != "regular" else "", f"x{count}" if count > 1 else ""]
    return " ".join(filter(None, (option, *more, portion.value if portion is not Portion.WHOLE else "")))
