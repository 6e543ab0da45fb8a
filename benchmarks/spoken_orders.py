"""How much of a set of recorded orders is heard and understood exactly, through the embedded engine.

    python -m benchmarks.spoken_orders DIR [--menu FILE] [--snr DB] [--rate HZ] [--limit N] [--half even|odd]
                                           [--predictions OUT.jsonl] [--errors N]

DIR holds menu.json and cases.jsonl with "audio" paths; noise.json describes what --snr mixes in. --rate 8000 sends the
audio as a phone does (µ-law). The worker's code runs in this process. No database, no Django. JSON on the last line.
p50_ms / p95_ms: from the end of the turn to the understood order; rtf: recogniser seconds per second of audio.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.neutral import Neutral, declined_in, lines_of, score
from benchmarks.understanding import brief
from orders.cart import apply_edits
from orders.cart_types import Cart, CartLimits
from orders.understanding import CompiledMenu, compile_menu
from restaurants.menu_format import parse_menu
from voice.audio.files import read_audio
from voice.audio.formats import Samples, mulaw_to_pcm16, samples_to_mulaw, samples_to_pcm16
from voice.audio.resample import resample
from voice.audio.speech import silero_probability
from voice.engines.embedded.decoder import DECODER_RATE_HZ
from voice.engines.embedded.messages import Message, OpenStream, Utterance
from voice.engines.embedded.model import build_recogniser_model
from voice.engines.embedded.recognising import DecoderPool, RecognisingStream

_LIMITS: Final = CartLimits(max_line_quantity=1_000, max_units=100_000, max_total_cents=1_000_000_000, max_lines=200)
_CACHE: Final = Path(tempfile.gettempdir()) / "comanda-spoken-orders"
_CHUNK_MS: Final = 20
_ENERGY_FRAME: Final = 2_048  # of noise.json's mixing rule


@dataclass(slots=True)
class Heard:
    """One recording's hypotheses, and what they cost."""

    texts: tuple[str, ...]
    lines: list[Neutral] = field(default_factory=list)
    listen_s: float = 0.0
    finish_ms: float = 0.0
    audio_s: float = 0.0


class Ear:
    """The worker's side of one stream, without the process around it."""

    def __init__(self, model_path: Path) -> None:
        self._model_path = str(model_path)
        self._pool = DecoderPool()
        self._pool.give_back(self._model_path, self._pool.borrow(self._model_path))
        self._reports: list[Message] = []

    def send(self, message: Message) -> None:
        self._reports.append(message)

    def listen(self, samples: Samples, *, sample_rate_hz: int) -> Heard:
        """A call of one utterance: pushed in chunks, ended at the end of the recording."""
        self._reports.clear()
        stream = RecognisingStream(
            OpenStream(1, self._model_path, sample_rate_hz), self._pool, self, silero_probability()
        )
        pcm = samples_to_pcm16(samples)
        if sample_rate_hz == 8_000:  # the telephone's rate, which implies its encoding
            pcm = mulaw_to_pcm16(samples_to_mulaw(samples))
        step = sample_rate_hz * _CHUNK_MS // 1000 * 2
        began = time.process_time()
        for start in range(0, len(pcm), step):
            stream.hear(pcm[start : start + step])
            while stream.work():
                pass
        listened = time.process_time()
        stream.finish()
        finished = time.process_time()
        stream.close()
        utterances = [report for report in self._reports if isinstance(report, Utterance)]
        texts = tuple(guess.text for guess in utterances[-1].guesses)
        return Heard(
            texts,
            listen_s=finished - began,
            finish_ms=(finished - listened) * 1000,
            audio_s=samples.size / sample_rate_hz,
        )


def main(argv: list[str] | None = None) -> int:
    args = _arguments(argv)
    folder = Path(args.folder)
    menu = parse_menu(json.loads((folder / args.menu).read_text(encoding="utf-8")))
    cases = _cases(folder, args)
    if not cases:
        print("no case of this folder has a recording", file=sys.stderr)
        return 1
    understander = compile_menu(menu)
    ear = Ear(build_recogniser_model(menu, "en", Path(args.cache)).path)
    noise = _Noise(folder, args.snr) if args.snr is not None else None
    heard = []
    for case in cases:
        samples, rate_hz = read_audio(folder / case["audio"])
        samples = noise.mixed(case["id"], samples, rate_hz) if noise else samples
        found = ear.listen(resample(samples, from_rate_hz=rate_hz, to_rate_hz=args.rate), sample_rate_hz=args.rate)
        _understand(understander, found)
        heard.append(found)
    expected = [[case["expected"]["lines"]] for case in cases]
    predicted = [[found.lines] for found in heard]
    if args.errors:
        _show_errors(cases, heard, args.errors)
    if args.predictions:
        _write_predictions(Path(args.predictions), cases, heard)
    print(json.dumps({"set": folder.resolve().name, **_result(expected, predicted, heard), **_conditions(args)}))
    return 0


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="benchmarks.spoken_orders", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder")
    parser.add_argument("--menu", default="menu.json")
    parser.add_argument(
        "--snr", type=float, metavar="DB", help="mix in the folder's noise at this signal-to-noise ratio"
    )
    parser.add_argument("--rate", type=int, default=DECODER_RATE_HZ, metavar="HZ", help="rate the audio is sent at")
    parser.add_argument("--limit", type=int, metavar="N")
    parser.add_argument(
        "--half", choices=["even", "odd"], help="only every second case, to check tuning on unread ones"
    )
    parser.add_argument("--predictions", metavar="OUT.jsonl")
    parser.add_argument("--errors", type=int, default=0, metavar="N", help="print the first N cases that differ")
    parser.add_argument("--cache", default=str(_CACHE), help="folder for the recogniser's models")
    return parser.parse_args(argv)


def _cases(folder: Path, args: argparse.Namespace) -> list[dict[str, Any]]:
    lines = (folder / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [case for case in map(json.loads, filter(str.strip, lines)) if "audio" in case]
    if args.half:
        cases = cases[int(args.half == "odd") :: 2]
    return cases[: args.limit]


def _understand(understander: CompiledMenu, heard: Heard) -> None:
    began = time.process_time()
    understanding = understander.understand_best(heard.texts, Cart())
    cart = apply_edits(Cart(), understanding.edits, understander.menu, limits=_LIMITS).cart
    heard.lines = lines_of(cart, declined_in(understanding))
    heard.finish_ms += (time.process_time() - began) * 1000


def _result(
    expected: list[list[list[Neutral]]], predicted: list[list[list[Neutral]]], heard: list[Heard]
) -> dict[str, Any]:
    result = score(expected, predicted)
    for key in ("turns", "turns_exact", "final_exact"):
        del result[key]
    times = sorted(found.finish_ms for found in heard)
    audio_s = sum(found.audio_s for found in heard)
    return {
        **result,
        "p50_ms": round(times[len(times) // 2], 1),
        "p95_ms": round(times[int(len(times) * 0.95)], 1),
        "audio_s": round(audio_s, 1),
        "rtf": round(sum(found.listen_s for found in heard) / audio_s, 4),
    }


def _conditions(args: argparse.Namespace) -> dict[str, Any]:
    """What was not as recorded."""
    found = {"snr_db": args.snr} if args.snr is not None else {}
    return found if args.rate == DECODER_RATE_HZ else {**found, "rate_hz": args.rate}


def _show_errors(cases: list[dict[str, Any]], heard: list[Heard], most: int) -> None:
    wrong = [
        (case, found)
        for case, found in zip(cases, heard, strict=True)
        if not score([[case["expected"]["lines"]]], [[found.lines]])["exact"]
    ]
    for case, found in wrong[:most]:
        print(case["id"], " | ".join(found.texts[:3]))
        print("   expected", brief(case["expected"]["lines"]))
        print("   got     ", brief(found.lines))


def _write_predictions(path: Path, cases: list[dict[str, Any]], heard: list[Heard]) -> None:
    rows = (
        json.dumps({"id": case["id"], "lines": found.lines, "hypotheses": found.texts})
        for case, found in zip(cases, heard, strict=True)
    )
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


class _Noise:
    """Mixes as noise.json says."""

    def __init__(self, folder: Path, snr_db: float) -> None:
        rule = json.loads((folder / "noise.json").read_text(encoding="utf-8"))
        self._noise, self._rate_hz = read_audio(folder / rule["noise"])
        self._offsets = {case["id"]: case["offset_s"] for case in rule["cases"]}
        self._ratio = 10 ** (snr_db / 10)

    def mixed(self, case_id: str, speech: Samples, rate_hz: int) -> Samples:
        """raises: ValueError if the noise has another rate than the speech"""
        if rate_hz != self._rate_hz:
            raise ValueError(f"noise at {self._rate_hz} Hz, speech at {rate_hz} Hz")
        start = int(self._offsets[case_id] * rate_hz)
        if start + speech.size > self._noise.size:
            start = 0
        part = self._noise[start : start + speech.size]
        gain = float(np.sqrt(_energy(speech) / (_energy(part) * self._ratio)))
        mixed = speech + np.float32(gain) * part
        return np.asarray(mixed / (2 * np.abs(mixed).max()), dtype=np.float32)


def _energy(samples: Samples) -> float:
    """The largest energy of any whole frame."""
    frames = samples[: samples.size // _ENERGY_FRAME * _ENERGY_FRAME].reshape(-1, _ENERGY_FRAME)
    return float(np.square(frames, dtype=np.float64).sum(axis=1).max())


if __name__ == "__main__":
    sys.exit(main())
