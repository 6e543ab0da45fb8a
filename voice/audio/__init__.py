"""Sound as numpy arrays: formats, resampling, loudness, speech detection. Pure; see docs/audio.md."""
