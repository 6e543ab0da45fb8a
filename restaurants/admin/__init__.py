from restaurants.admin import availability, menus, people, rows, tenants

__all__ = ["availability", "menus", "people", "rows", "tenants"]
