"""Every flag the code asks about. A key that is not here is a typo: the system check and `ensure_flags` go by this."""

from __future__ import annotations

from dataclasses import dataclass

VOICE_STREAMING = "voice_streaming"


@dataclass(frozen=True, slots=True)
class DeclaredFlag:
    """`enabled_setting` False switches it off wherever it is; `percent_setting` is its first percentage."""

    key: str
    note: str
    owner: str
    kind: str
    enabled_setting: str
    percent_setting: str


DECLARED: dict[str, DeclaredFlag] = {
    flag.key: flag
    for flag in (
        DeclaredFlag(
            key=VOICE_STREAMING,
            note="Share of calls that are heard while they are spoken; the others are recorded first (batch).",
            owner="voice",
            kind="ops",
            enabled_setting="ENABLE_REALTIME_STREAMING",
            percent_setting="STREAMING_ROLLOUT_PERCENTAGE",
        ),
    )
}
