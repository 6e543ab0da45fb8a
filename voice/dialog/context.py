"""What a call knows when it opens and never learns again: loaded once by `voice.services.open_call`."""

from __future__ import annotations

from dataclasses import dataclass, field

from orders.cart_types import CartLimits
from orders.understanding.types import MenuUnderstander
from restaurants.menu import Availability, Menu


@dataclass(frozen=True, slots=True, kw_only=True)
class CallContext:
    """`language` is the customer's choice on the page. `availability` is as of opening; later news comes as an event.

    typed_only: nothing hears this customer (no microphone, or no recogniser). captions_only: nothing is spoken to them.
    mode: streaming | batch, what the call was assigned; what it is now is in its state.
    has_screen: replies and the readback are also shown as text; False for a telephone.
    """

    call_id: str
    restaurant_id: str
    restaurant_name: str
    menu: Menu
    understander: MenuUnderstander
    language: str = "en"
    availability: Availability = field(default_factory=Availability)
    limits: CartLimits = field(default_factory=CartLimits)
    is_open: bool = True
    opens_at_text: str = ""  # finished words in the customer's language: "tomorrow at 11:00"
    greeting: str = ""  # the restaurant's own first sentence, instead of "Welcome to ..."
    stores_audio: bool = False
    wait_minutes: int | None = None
    typed_only: bool = False
    captions_only: bool = False
    mode: str = "streaming"
    has_screen: bool = True
    asks_name: bool = False
    max_call_ms: int = 1_800_000
