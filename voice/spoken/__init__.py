"""Spoken orders, made of a menu and said into the real product: what operators and benchmarks measure."""
