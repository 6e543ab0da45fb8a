"""How Comanda is put together: settings, routes, servers, health, and the supervisor behind `manage.py up`."""
