"""What stored calls say about streaming and batch: figures, plots, words. Pure; `voice.selectors` brings the rows."""
