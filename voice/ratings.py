"""What customers say of their call, once it is theirs to judge: one to five, and a comment if they like."""

from __future__ import annotations

import unicodedata
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from restaurants.scoping import for_restaurant
from voice.models import Call

MAX_COMMENT_CHARS = 500
OPEN_FOR = timedelta(hours=24)  # after the call has ended
_KEPT = "\n\t\u200c\u200d"  # the last two join letters of some scripts, and emoji


class RatingClosed(Exception):
    """The call ended too long ago."""


@transaction.atomic
def rate_call(*, restaurant_id: int, call_id: str, rating: int | None, comment: str = "") -> None:
    """The last one counts; None takes it back, with its comment.

    raises: Call.DoesNotExist (also another restaurant's), RatingClosed, ValueError (not 1 to 5, comment too long)
    """
    if rating is not None and not 1 <= rating <= 5:
        raise ValueError(f"not 1 to 5: {rating}")
    if len(comment) > MAX_COMMENT_CHARS:
        raise ValueError(f"longer than {MAX_COMMENT_CHARS} characters")
    with for_restaurant(restaurant_id):
        call = Call.objects.select_for_update().get(pk=call_id)
        if call.ended_at is not None and call.ended_at < timezone.now() - OPEN_FOR:
            raise RatingClosed
        call.rating = rating
        call.rating_comment = "" if rating is None else _plain(comment)
        call.save(update_fields=("rating", "rating_comment"))


def _plain(comment: str) -> str:
    """Without control and direction characters, which no column or page of ours can make sense of."""
    kept = "".join(char for char in comment if char in _KEPT or not unicodedata.category(char).startswith("C"))
    return kept.strip()
