"""Measurements: each `python -m benchmarks.NAME` prints JSON on its last line."""
