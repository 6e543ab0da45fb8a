"""Makes the recorded orders of the demo again: `python -m tests.record_samples`.

What is said stands in static/audio/samples.json; the voice is the embedded one. Mono, 16 kHz: the rate of the socket.
"""

import json
import wave
from pathlib import Path

from tests.e2e.speech import write_speech

FOLDER = Path(__file__).resolve().parent.parent / "static" / "audio"
RATE_HZ = 16_000


def main() -> None:
    samples = json.loads((FOLDER / "samples.json").read_text("utf-8"))
    for recording in {one["file"]: one for recordings in samples.values() for one in recordings}.values():
        path = FOLDER / recording["file"]
        write_speech(path, [recording["say"]], language=recording["language"], rate_hz=RATE_HZ)
        with wave.open(str(path)) as made:
            print(f"{path.name}: {made.getnframes() / RATE_HZ:.1f} s, {path.stat().st_size // 1024} KiB")


if __name__ == "__main__":
    main()
