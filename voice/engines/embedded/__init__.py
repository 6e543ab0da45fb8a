"""The embedded engine: pocketsphinx with a language model of the menu, and libespeak-ng. See docs/audio.md.

`transcriber` and `speaker` run in the server and only move messages; `worker` is the process that does it, because
neither library may block, crash or hold the GIL of a process that carries calls.
"""
