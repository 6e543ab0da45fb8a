"""Everything `manage.py up` runs, started in order, watched, and stopped in order."""
