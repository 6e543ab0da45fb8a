"""Real PostgreSQL and Redis from Python wheels, for a machine with nothing installed."""
