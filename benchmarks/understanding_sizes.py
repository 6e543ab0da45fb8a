"""Compiling and reading against the size of the menu.

    python -m benchmarks.understanding_sizes [--sizes 10 100 300 1000]

Menus are made up (dishes of one to three words with sizes, two groups of options, a category for every 25), and so are
the utterances: one to three lines of the menu with options, as a customer would say them. Times are CPU time of one
thread, the best of five for each utterance (the machine has other work); memory is what compiling leaves behind. JSON
on the last line.
"""

from __future__ import annotations

import argparse
import gc
import json
import random
import sys
import time
import tracemalloc
from collections.abc import Sequence
from itertools import product
from typing import Any

from orders.cart_types import Cart
from orders.understanding import compile_menu
from orders.understanding.words import fold
from restaurants.menu import Menu
from restaurants.menu_format import parse_menu

_FIRST = "Roasted Smoky Golden Spicy Garden Country Harvest Royal Island Alpine Coastal Rustic Velvet Prairie".split()
_SECOND = "Chicken Beef Salmon Lentil Pumpkin Turkey Spinach Halloumi Lobster Truffle Chickpea Walnut".split()
_THIRD = "Burger Pizza Salad Wrap Soup Taco Curry Panini Omelette Risotto".split()
_SIZES = ("Small", "Medium", "Large")
_READINGS = 400


def made_up_menu(size: int) -> Menu:
    """`size` items; 40 options above 100 items, fewer below."""
    names = [" ".join(words) for words in product(_FIRST, _SECOND, _THIRD)]
    random.Random(size).shuffle(names)
    options = min(40, max(8, size // 5))
    groups = [
        {"id": f"g{n}", "name": name, "options": [{"id": f"o{i}", "name": word} for i, word in enumerate(words)]}
        for n, (name, words) in enumerate((("Toppings", _words("Relish", options)), ("Sauces", _words("Glaze", 10))))
    ]
    items = [
        {
            "id": f"i{n}",
            "name": name,
            "category": f"{name.split()[-1]}s",
            "variations": [{"id": s.lower(), "name": s, "price_cents": 500} for s in _SIZES],
            "modifier_groups": [{"group": "g0"}, {"group": "g1"}],
        }
        for n, name in enumerate(names[:size])
    ]
    return parse_menu({"name": "Made up", "slug": "made-up", "modifier_groups": groups, "items": items})


def _words(noun: str, count: int) -> list[str]:
    colours = "Amber Crimson Ivory Jade Scarlet Copper Indigo Cobalt".split()
    herbs = "Fennel Juniper Saffron Tarragon Sorrel".split()
    return [f"{a} {b} {noun}" for a, b in product(colours, herbs)][:count]


def utterances(menu: Menu, count: int) -> list[str]:
    chance = random.Random(1)  # not for secrets
    options = [option.name for group in menu.modifier_groups for option in group.options]
    found = []
    for _ in range(count):
        lines = []
        for _ in range(chance.randint(1, 3)):
            size = chance.choice(["", *_SIZES])
            how = [
                f"{chance.choice(['with', 'no', 'extra'])} {name}"
                for name in chance.sample(options, chance.randint(0, 2))
            ]
            lines.append(" ".join([chance.choice(["a", "two", "three"]), size, chance.choice(menu.items).name, *how]))
        found.append(f"{chance.choice(['', 'can i get ', 'hi id like '])}{' and '.join(lines)} please".lower())
    return found


def measure(size: int) -> dict[str, Any]:
    menu = made_up_menu(size)
    fold.cache_clear()
    gc.collect()
    tracemalloc.start()
    ears = compile_menu(menu)
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    compiling = min(_timed(lambda: compile_menu(menu)) for _ in range(3))
    said = utterances(menu, _READINGS)
    for text in said[:20]:
        ears.understand(text, Cart())
    times = sorted(min(_timed(lambda text=text: ears.understand(text, Cart())) for _ in range(5)) for text in said)
    return {
        "items": len(menu.items),
        "forms": len(ears.lexicon.table),
        "compile_ms": round(compiling * 1000, 1),
        "memory_mb": round(kept / 1e6, 2),
        "p50_ms": round(times[len(times) // 2] * 1000, 3),
        "p95_ms": round(times[int(len(times) * 0.95)] * 1000, 3),
    }


def _timed(work: Any) -> float:
    begin = time.thread_time()
    work()
    return time.thread_time() - begin


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.understanding_sizes", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10, 100, 300, 1000])
    rows = [measure(size) for size in parser.parse_args(argv).sizes]
    print("| items | forms | compile | memory | p50 | p95 |\n|---|---|---|---|---|---|")
    for row in rows:
        print(
            f"| {row['items']} | {row['forms']} | {row['compile_ms']} ms | {row['memory_mb']} MB "
            f"| {row['p50_ms']} ms | {row['p95_ms']} ms |"
        )
    print(json.dumps(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
