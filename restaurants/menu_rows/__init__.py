"""A menu's rows out of the frozen `Menu`, and the `Menu` out of its rows: exact both ways (but for `version`)."""

from restaurants.menu_rows.reader import read_menu_rows
from restaurants.menu_rows.writer import write_menu_rows

__all__ = ["read_menu_rows", "write_menu_rows"]
