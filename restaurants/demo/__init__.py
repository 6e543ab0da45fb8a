"""Three made-up restaurants to order from, with people who may sign in. The menus lie beside this file.

Everything here is public, the password too: the demo belongs on a machine of your own (`LOAD_DEMO`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

from restaurants.hours import OpenPeriod

DEMO_PASSWORD = "order-by-voice"  # noqa: S105 - meant to be read
ROUND_THE_CLOCK = tuple(OpenPeriod(weekday, time(0), time(0)) for weekday in range(7))  # a demo is never closed


@dataclass(frozen=True, slots=True)
class DemoPerson:
    username: str
    first_name: str
    last_name: str
    role: str  # a value of restaurants.models.Role


@dataclass(frozen=True, slots=True)
class DemoRestaurant:
    """`profile` holds fields of the Restaurant model; name, currency, tax and languages come from the menu file."""

    slug: str
    profile: Mapping[str, Any]
    people: tuple[DemoPerson, ...]
    out: Mapping[str, str] = field(default_factory=dict)  # item id -> why it is out from the first day

    @property
    def menu_path(self) -> Path:
        return Path(__file__).parent / f"{self.slug}.json"


ADMIN = DemoPerson("admin", "Ada", "Admin", "")  # a superuser, in no restaurant

DEMO_RESTAURANTS: tuple[DemoRestaurant, ...] = (
    DemoRestaurant(
        "bella-napoli",
        {
            "taglines": {
                "en": "Wood-fired pizza, tied-by-hand garlic knots, cannoli filled when you order",
                "es": "Pizza al horno de leña, nudos de ajo hechos a mano y cannoli recién rellenos",
            },
            "greetings": {
                "en": "Thanks for calling Bella Napoli. What can we get started for you?",
                "es": "Gracias por llamar a Bella Napoli. ¿Qué le preparamos?",
            },
            "theme": "basil",
            "address": "218 Carmine Street, Providence, RI",
            "phone": "+1 401 555 0142",
            "time_zone": "America/New_York",
            "wait_minutes": 25,
            "max_total_cents": 60_000,
        },
        (
            DemoPerson("nadia", "Nadia", "Esposito", "owner"),
            DemoPerson("marco", "Marco", "Bianchi", "kitchen"),
        ),
    ),
    DemoRestaurant(
        "burger-lane",
        {
            "taglines": {
                "en": "Smashed burgers, numbered combos, shakes too thick for the straw",
                "es": "Hamburguesas a la plancha, combos con número y batidos muy espesos",
            },
            "greetings": {
                "en": "Welcome to Burger Lane. Go ahead whenever you're ready.",
                "es": "Bienvenido a Burger Lane. Dígame cuando quiera.",
            },
            "theme": "ember",
            "address": "4400 Route 9, Amarillo, TX",
            "phone": "+1 806 555 0177",
            "time_zone": "America/Chicago",
            "wait_minutes": 6,
            "max_line_quantity": 30,
            "max_total_cents": 30_000,
        },
        (
            DemoPerson("dolores", "Dolores", "Lane", "owner"),
            DemoPerson("tyler", "Tyler", "Reed", "shift_lead"),
            DemoPerson("june", "June", "Park", "kitchen"),
        ),
    ),
    DemoRestaurant(
        "taqueria-sol",
        {
            "taglines": {
                "en": "Tacos on corn tortillas pressed this morning, salsas from mild to don't",
                "es": "Tacos en tortilla de maíz del día y salsas de suave a ni se te ocurra",
            },
            "greetings": {
                "en": "Hola, this is Taquería Sol. What would you like to order?",
                "es": "Hola, Taquería Sol. ¿Qué va a querer?",
            },
            "theme": "agave",
            "address": "Calle de la Palma 31, 28004 Madrid",
            "phone": "+34 910 555 019",
            "time_zone": "Europe/Madrid",
            "wait_minutes": 15,
        },
        (
            DemoPerson("sofia", "Sofía", "Herrera", "owner"),
            DemoPerson("beto", "Beto", "Ramírez", "kitchen"),
        ),
        out={"flan": "the oven is being repaired"},
    ),
)
