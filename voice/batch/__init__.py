"""Recordings: one utterance at a time, stored, transcribed by a worker, and gone on with. See docs/batch.md."""
