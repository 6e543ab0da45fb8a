"""What Comanda says in English. `voice.dialog.phrases` fills in menu names, numbers and amounts."""

from __future__ import annotations

from collections.abc import Sequence

NUMBERS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
# currency: unit, units, hundredth, hundredths
CURRENCIES = {
    "USD": ("dollar", "dollars", "cent", "cents"),
    "CAD": ("dollar", "dollars", "cent", "cents"),
    "AUD": ("dollar", "dollars", "cent", "cents"),
    "NZD": ("dollar", "dollars", "cent", "cents"),
    "EUR": ("euro", "euros", "cent", "cents"),
    "GBP": ("pound", "pounds", "penny", "pence"),
    "MXN": ("peso", "pesos", "centavo", "centavos"),
}
NOISES = frozenset("uh huh um umm hm hmm mm mmm mhm mhmm uhhuh ah aah oh er erm eh ha".split())
ASSENTS = frozenset("yes yeah yep yup ok okay right sure alright good great fine got it i see uhuh aha".split())
OPEN_WORDS = frozenset(
    """a an the and or with without no not of for to in on at by my some any extra light double half another more less
    plus but also instead make change add get have want need like want i'd i'll i'm can could would may please um uh
    then so just let's give one's that's it's number my is are was be from than into""".split()
) - {"please", "more", "less", "another", "instead"}

CONTAINERS = frozenset("can bottle glass cup mug pitcher jug carton pint bowl bucket box tub basket".split())
TOGETHER = frozenset(("with", "all", "no"))  # a bundle so named ("with everything") is said without another "with"

TEMPLATES = {
    # Greeting
    "welcome": "Welcome to {restaurant}.",
    "notice_recorded": "I'm an AI assistant, and this call is recorded.",
    "notice_not_recorded": "I'm an AI assistant; the audio is not stored.",
    "closed_until": "We're closed now and open {opens}. You're welcome to look around, but I can't take an order yet.",
    "closed": "We're closed right now. You're welcome to look around, but I can't take an order yet.",
    "hello": "Hello!",
    "welcome_back": "Welcome back.",
    "you_are_welcome": "You're welcome.",
    "hold": "Of course, take your time.",
    "are_you_there": "Are you still there?",
    # Asking
    "ask_order": "What would you like?",
    "ask_look": "What would you like to know?",
    "ask_more": "Anything else?",
    "ask_what_else": "What else would you like?",
    "ask_change": "What should I change?",
    "ask_name": "What name is the order for?",
    "ask_item": "Which one would you like: {choices}?",
    "ask_size": "What size for {line}: {choices}?",
    "ask_size_long": "What size for {line}?",
    "ask_size_bare": "What size: {choices}?",
    "ask_size_bare_long": "What size?",
    "ask_size_and": "And what size: {choices}?",
    "ask_size_and_long": "And what size?",
    "ask_option": "Which one for {line}: {choices}?",
    "ask_group": "Which {group} for {line}: {choices}?",
    "ask_group_long": "Which {group} for {line}?",
    "ask_group_bare": "Which {group}: {choices}?",
    "ask_group_bare_long": "Which {group}?",
    "ask_group_and": "And which {group}: {choices}?",
    "ask_group_and_long": "And which {group}?",
    "ask_group_count": "For {line}, please choose {count} ({group}): {choices}.",
    "ask_slot": "Which {slot} with {line}: {choices}?",
    "ask_slot_long": "Which {slot} with {line}?",
    "ask_slot_bare": "Which {slot}: {choices}?",
    "ask_slot_bare_long": "Which {slot}?",
    "ask_slot_and": "And which {slot}: {choices}?",
    "ask_slot_and_long": "And which {slot}?",
    "ask_instead": "Would you like {choices} instead?",
    "choices": "{choices}.",
    "about": "For {line}:",
    "ask_fewer": "Shall I make it {count}?",
    "ask_without": "Shall I make it without?",
    "ask_remove": "Shall I take it off your order?",
    "ask_leave_out": "Which one should I leave out: {choices}?",
    # What changed
    "order_now": "{order}.",
    "removed": "I've taken off {order}.",
    "emptied": "Your order is empty now.",
    "pickup": "That's for pickup.",
    "dine_in": "That's to eat here.",
    "delivery": "That's for delivery.",
    "name_noted": "Thanks, {name}.",
    "allergy_noted": "I've noted your allergy: {allergen}. Staff will check it with you.",
    "undone": "I've undone that.",
    "nothing_to_undo": "There is nothing to undo.",
    "announce_changed": "Your order: {order}.",
    "announce_added": "Added: {order}.",
    "announce_removed": "Removed: {order}.",
    "announce_undone": "Undone.",
    # What cannot be
    "out_of": "Sorry, we're out of {thing}.",
    "few_left": "Sorry, we only have {count} left of {thing}.",
    "not_on": "{option} isn't offered with {line}.",
    "not_offered": "Sorry, {thing} isn't something we offer that way.",
    "not_possible": "Sorry, I can't do that.",
    "too_many": "You can have at most {count} of {group} on {line}.",
    "too_many_lines": "That's as many lines as one order can hold.",
    "over_cap": "That's more than I can take alone. I'm asking staff to help; you can also make it smaller.",
    "off_menu": "Sorry, we don't have {words}.",
    "off_menu_that": "Sorry, we don't have that.",
    "nearest": "The closest we have is {choices}.",
    # Questions
    "price": "{thing} is {price}.",
    "price_free": "{thing} doesn't cost extra.",
    "price_sizes": "{thing}: {prices}.",
    "price_of_size": "{size} {price}",
    "price_of_what": "Which price would you like to know?",
    "contents": "{thing} comes with {contents}.",
    "contents_plain": "{thing}: {description}",
    "contents_unknown": "I don't have the details of {thing}; staff can tell you.",
    "contents_of_what": "Which one would you like to know about?",
    "allergen_contains": "{thing} contains {allergen}.",
    "allergen_may_contain": "{thing} may contain {allergen}.",
    "allergen_free": "{thing} is listed as free of {allergen}. If you have an allergy, please tell staff as well.",
    "allergen_unknown": "I can't say if {thing} contains {allergen}: it isn't verified. Staff will confirm it.",
    "allergen_menu": "Known to contain {allergen}: {items}.",
    "allergen_menu_rest": "For everything else that isn't verified; staff will confirm it with you.",
    "allergens_listed": "{thing} contains {allergens}.",
    "allergens_possible": "{thing} may contain {allergens}.",
    "allergens_rest": "Other allergens aren't verified; staff will confirm them with you.",
    "menu": "We have {choices}.",
    "menu_of": "{name}: {choices}.",
    "menu_of_more": "{name}: {choices}, and more.",
    "open_now": "We're open now.",
    "wait": "An order takes about {minutes} minutes.",
    "total": "Your total is {total}.",
    "total_open": "So far that's at least {total}; a few choices are still open.",
    "order_is": "You have {order}.",
    "order_empty": "Your order is empty.",
    "nothing_said": "I haven't said anything yet.",
    # Not understood
    "missed": "Sorry, I didn't get that.",
    "missed_type": "You can also type it.",
    "missed_chips": "You can tap one of the choices on the screen, or say it another way.",
    "missed_again": "Please say it another way.",
    "missed_person": "I'm having trouble understanding, so I'm asking a member of staff to help.",
    "unknown_words": 'I didn\'t catch "{words}".',
    "did_you_mean": "Did you mean {order}?",
    "did_you_mean_remove": "Did you mean to take off {order}?",
    "did_you_mean_empty": "Did you mean to empty your order?",
    "did_you_mean_change": "Did you mean to change your order?",
    "our_fault": "Sorry, that took too long on our side. Could you say it again?",
    # Cancel
    "ask_clear": "Cancel your whole order?",
    "kept": "OK, your order stays as it is.",
    "proposal_dropped": "OK, never mind that.",
    "nothing_to_cancel": "Your order is empty already.",
    # Readback
    "readback": "Let me read that back: {order}.",
    "readback_for": "For {name}.",
    "readback_allergy": "Your allergy: {allergens}. It isn't verified that your order is free of it; staff will check.",
    "readback_total": "Your total is {total}.",
    "ask_place": "Shall I place the order?",
    "recap_one": "Just to be sure: one item, {total}.",
    "recap": "Just to be sure: {count} items, {total}.",
    "check_sheet": "Please check your order on the screen.",
    # Placing
    "placing": "I'm placing your order.",
    "placing_frozen": "Your order is being placed, so I can't change it now.",
    "placing_slow": "This takes longer than it should. I keep trying, and I'm asking a member of staff to check.",
    "placed": "Your order is placed. Your number is {number}.",
    "ready_in": "It will be ready in about {minutes} minutes.",
    "goodbye": "Thank you, goodbye!",
    "already_placed": "Your order is placed: number {number}. For changes, please ask staff.",
    "refused_closed": "Sorry, we have just closed, so I can't place the order.",
    "refused_problems": "Sorry, something in your order isn't possible any more.",
    # People
    "staff_called": "I'm asking a member of staff to help. You can keep ordering while you wait.",
    "staff_already_called": "A member of staff has been asked and will be with you as soon as possible.",
    "staff_back": "I'm back to help with your order.",
    # Batch: words come a sentence at a time
    "mode_batch": "From here on I listen to one whole sentence at a time, so my answers take a little longer.",
    "working": "One moment please, I'm still working out what you said.",
    "lost_hearing": "I can't hear you any more, sorry. Please type or tap; nothing is lost. Or ask for a person.",
    "lost_hearing_person": "I can't hear you any more, sorry, so I'm asking a member of staff to help.",
    # Notices
    "notice_typed_only": "I can't hear you right now. Please type your order or tap it on the menu; it works the same.",
    "notice_captions_only": "I can't speak right now. My answers are on the screen.",
    "notice_session_expired": "Your earlier order was closed because nothing was said for a while. "
    "This is a new one: just tell me what you'd like.",
    "notice_session_expired_basket": "Your earlier order was closed because nothing was said for a while; "
    "the kitchen did not get it. Here is the same basket again: just go on.",
    "notice_stale_revision": "Your order has changed in the meantime. Please check it once more.",
    "notice_busy": "One moment, please: I'm still working on what you wrote.",
    "notice_too_long": "This call has reached its time limit. Please start again, or ask a member of staff.",
    # Inside a sentence
    "the": "the {noun}",
    "half_with": "{item} {options}",
    "combo_with": "{combo} with {parts}",
    "with": "with {options}",
    "without": "without {options}",
    "aside": "with {options} on the side",
    "styled": "{options}",
    "amount_light": "light {option}",
    "amount_extra": "extra {option}",
    "amount_other": "{amount} {option}",
    "counted": "{count} {option}",
    "first_half": "{option} on one half",
    "second_half": "{option} on the other half",
    "some_with": "{count} {options}",
    "note": "note: {note}",
    "number_size": "{noun} ({size})",
    # Chips: what they show, and what they say for the customer
    "chip_yes": "Yes",
    "say_yes": "yes",
    "chip_no": "No",
    "say_no": "no",
    "chip_place": "Yes, place it",
    "chip_change": "No, change something",
    "chip_done": "That's all",
    "say_done": "that's all",
    "chip_menu": "What do you have?",
    "say_menu": "what do you have",
    "chip_person": "A person, please",
    "say_person": "I'd like to talk to a person",
    "chip_repeat_order": "My order so far",
    "say_repeat_order": "what do I have so far",
    "chip_skip": "Skip",
    "say_skip": "no",
}


def one_of(choices: Sequence[str]) -> str:
    """ "small, medium or large"."""
    return choices[0] if len(choices) == 1 else f"{', '.join(choices[:-1])} or {choices[-1]}"


def all_of(parts: Sequence[str]) -> str:
    """ "a, b and c"; parts that hold commas themselves are kept apart by semicolons."""
    if len(parts) == 1:
        return parts[0]
    if any("," in part for part in parts):
        return f"{'; '.join(parts[:-1])}{';' if len(parts) > 2 else ','} and {parts[-1]}"
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def sized(noun: str, size: str) -> str:
    """ "large pizza", but "can of Coke"."""
    return f"{size} of {noun}" if size.rpartition(" ")[2].lower() in CONTAINERS else f"{size} {noun}"


def halves(first: str, second: str, size: str, word: str, *, is_many: bool) -> str:
    """Two names that end in the same word share it: "half pepperoni, half veggie pizza"."""
    one, _, shared = first.rpartition(" ")
    other, _, ending = second.rpartition(" ")
    if one and other and shared.casefold() == ending.casefold():
        parts = (word, size, f"half {one}, half {other}", plural(shared) if is_many else shared)
        return " ".join(part for part in parts if part)
    lead = " ".join(part for part in (word, size) if part)
    return ", ".join(part for part in (lead, f"half {first}", f"half {second}") if part)


def quantity(count: int, noun: str, size: str, word: str) -> str:
    """A name that is a plural already goes without a "one"."""
    named = sized(noun, size) if size else noun
    if count != 1:
        return f"{word} {plural(named)}"
    is_plural = noun.partition(" with ")[0].partition(" (")[0].endswith("s")
    return named if is_plural else f"{word} {named}"


def plural(noun: str) -> str:
    """Of a menu name: its head is the last word before "with", "of", a comma or a bracket."""
    for mark in (" with ", " of ", " on ", " in ", " and ", ",", " ("):
        head, found, rest = noun.partition(mark)
        if found and head:
            return plural(head) + found + rest
    lower = noun.lower()
    if not lower or not lower[-1].isalpha() or lower.endswith(("s", "wings", "fries")):
        return noun
    if lower.endswith(("x", "ch", "sh", "z")):
        return noun + "es"
    if lower.endswith("y") and lower[-2:-1] not in tuple("aeiou"):
        return noun[:-1] + "ies"
    return noun + "s"


def money(whole: int, cents: int, names: tuple[str, str, str, str]) -> str:
    units = f"{whole} {names[0] if whole == 1 else names[1]}"
    if not cents:
        return units
    parts = f"{cents} {names[2] if cents == 1 else names[3]}"
    return f"{units} and {parts}" if whole else parts
