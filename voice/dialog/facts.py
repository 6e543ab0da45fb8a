"""Answers about the menu and the order: prices, contents, what there is, what was ordered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from orders.line_rules import Stock
from orders.understanding.types import ActKind, DialogueAct
from restaurants.menu import Combo, Item, localized
from voice.dialog import phrases
from voice.dialog.allergen_facts import tell_allergen
from voice.dialog.basket import last_line, priced
from voice.dialog.call import Call
from voice.dialog.draft import Draft
from voice.dialog.effects import Chip
from voice.dialog.phrases import Sentence
from voice.dialog.questions import to_ask
from voice.dialog.readback import order_text
from voice.dialog.state import Asks, Question, Stage

MAX_ANSWERED = 3
MAX_LISTED = 6
MAX_CHIPS = 12


def answer(draft: Draft, act: DialogueAct) -> bool:
    """Answers one question about menu or order. Returns whether it was one."""
    teller = _TELLERS.get(act.kind)
    if teller is None:
        return False
    teller(draft, act)
    return True


def tell_price(draft: Draft, act: DialogueAct) -> None:
    call, menu = draft.call, draft.call.context.menu
    for target in act.targets[:MAX_ANSWERED]:
        item, combo = menu.item_by_id.get(target), menu.combo_by_id.get(target)
        if item is not None:
            _tell_item_price(draft, item)
        elif combo is not None:
            draft.add("price", thing=call.names.thing(target), price=call.names.money(combo.price_cents))
        else:
            _tell_option_price(draft, target)
    line = last_line(call)
    if not act.targets and line is not None:
        cents = next((one.total_cents for one in priced(call).lines if one.line == line.id), 0)
        draft.add("price", thing=call.names.title(line), price=call.names.money(cents))
    elif not act.targets:
        draft.add("price_of_what")


def _tell_item_price(draft: Draft, item: Item) -> None:
    names = draft.call.names
    if len(item.variations) < 2:
        cents = item.variations[0].price_cents if item.variations else item.price_cents
        draft.add("price", thing=names.item(item.id), price=names.money(cents))
        return
    sizes = [
        draft.call.sentence("price_of_size", size=names.size(item, size.id), price=names.money(size.price_cents))
        for size in item.variations
    ]
    draft.add("price_sizes", thing=names.item(item.id), prices=_listed(draft.call, sizes))


def _listed(call: Call, parts: Sequence[Sentence]) -> Sentence:
    """Parts that keep their two forms."""
    inner = [Sentence(_lower(part.text), _lower(part.said)) for part in parts]
    return Sentence(
        phrases.all_of(call.language, [part.text for part in inner]),
        phrases.all_of(call.language, [part.said for part in inner]),
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _tell_option_price(draft: Draft, target: str) -> None:
    """On the last line if that takes the option, else in general."""
    call, line = draft.call, last_line(draft.call)
    item = call.context.menu.item_by_id.get(line.item) if line else None
    for group in call.context.menu.modifier_groups:
        option = group.option_by_id.get(target)
        if option is None:
            continue
        link = item.link_by_group.get(group.id) if item else None
        size = line.variation if line else None
        cents = link.prices.get(target) if link else None
        cents = option.prices_by_variation.get(size or "", option.price_cents) if cents is None else cents
        if cents:
            draft.add("price", thing=call.names.option(group.id, target), price=call.names.money(cents))
        else:
            draft.add("price_free", thing=call.names.option(group.id, target))
        return
    draft.add("price_of_what")


def tell_contents(draft: Draft, act: DialogueAct) -> None:
    call, line = draft.call, last_line(draft.call)
    targets = act.targets or ((line.item,) if line else ())
    for target in targets[:MAX_ANSWERED]:
        item, combo = call.context.menu.item_by_id.get(target), call.context.menu.combo_by_id.get(target)
        if combo is not None:
            _tell_combo(draft, combo)
        elif item is not None:
            _tell_item(draft, item)
    if not draft.is_understood:
        draft.add("contents_of_what")


def _tell_item(draft: Draft, item: Item) -> None:
    call = draft.call
    defaults = [call.names.option(link.group, option) for link in item.modifier_groups for option in link.defaults]
    description = item.descriptions.get(call.language) or item.description
    if defaults:
        draft.add("contents", thing=call.names.item(item.id), contents=phrases.all_of(call.language, defaults))
    elif description:
        draft.add("contents_plain", thing=call.names.item(item.id), description=description)
    else:
        draft.add("contents_unknown", thing=call.names.item(item.id))


def _tell_combo(draft: Draft, combo: Combo) -> None:
    names, language = draft.call.names, draft.call.language
    parts = [names.item(combo.item)]
    for slot in combo.slots:
        items = dict.fromkeys(choice.item for choice in slot.choices)
        listed = [names.item(item) for item in items]
        title = phrases.inside(localized(slot, language))
        parts.append(names.choices(listed) if len(listed) <= MAX_ANSWERED else title)
    draft.add("contents", thing=names.thing(combo.id), contents=phrases.all_of(language, parts))


def tell_menu(draft: Draft, act: DialogueAct) -> None:
    """A category, the options of a group, or the categories there are."""
    call, menu = draft.call, draft.call.context.menu
    group = menu.group_by_id.get(act.value)
    stock = Stock.read(menu, call.ordering.availability)
    if act.value in menu.category_by_id:
        there = [item.id for item in menu.items if item.category == act.value]
        names = [call.names.item(item) for item in there if stock.has_item(item)]
        title = localized(menu.category_by_id[act.value], call.language)
    elif group is not None:
        there = [option.id for option in group.options if stock.has_option(group.id, option.id)]
        names = [call.names.option(group.id, option) for option in there]
        title = localized(group, call.language)
    elif draft.question is not None:
        return  # "what pizzas do you have" is one question
    else:
        names = [phrases.inside(localized(category, call.language)) for category in menu.categories]
        title = ""
    if not names:
        draft.add("off_menu_that")
        return
    if title and len(names) > MAX_LISTED:
        draft.add("menu_of_more", name=title, choices=", ".join(names[:MAX_LISTED]))
    else:
        draft.add("menu_of" if title else "menu", name=title, choices=phrases.all_of(call.language, names))
    offer(draft, names)


def offer(draft: Draft, names: Iterable[str], offered: tuple[str, ...] = ()) -> None:
    """Chips for what was just listed, unless something is missing or a readback is open: that is asked on."""
    call = draft.call
    if to_ask(call.ordering.problems) or call.ordering.stage is Stage.CONFIRMING:
        return
    key = "ask_order" if call.is_open else "ask_look"
    if call.ordering.cart.lines:
        key = "ask_what_else"
    chips = tuple(Chip(phrases.capitalized(name), name) for name in names)[:MAX_CHIPS]
    asks = Asks.MORE if call.ordering.cart.lines else Asks.ORDER
    draft.question = Question(asks, (call.sentence(key),), chips, offered=offered)


def tell_off_menu(draft: Draft, act: DialogueAct) -> None:
    if act.value:
        draft.add("off_menu", words=act.value)
    else:
        draft.add("off_menu_that")
    nearest = [draft.call.names.thing(target) for target in act.targets[:MAX_ANSWERED]]
    if nearest:
        draft.add("nearest", choices=draft.call.names.choices(nearest))
        offer(draft, nearest, act.targets[:MAX_ANSWERED])


def tell_hours(draft: Draft, _act: DialogueAct) -> None:
    context = draft.call.context
    if not draft.call.is_open:
        draft.add("closed_until" if context.opens_at_text else "closed", opens=context.opens_at_text)
        return
    draft.add("open_now")
    if context.wait_minutes:
        draft.add("wait", minutes=context.wait_minutes)


def tell_total(draft: Draft, _act: DialogueAct) -> None:
    call = draft.call
    if not call.ordering.cart.lines:
        draft.add("order_empty")
        return
    price = priced(call)
    draft.add("total" if price.is_complete else "total_open", total=call.names.money(price.total_cents))


def tell_order(draft: Draft, act: DialogueAct) -> None:
    """What is in the basket, told whole. While a readback is open this is one."""
    call = draft.call
    draft.tells_changes = False
    draft.is_readback = call.ordering.stage is Stage.CONFIRMING
    if not call.ordering.cart.lines:
        draft.add("order_empty")
        return
    draft.add("order_is", order=order_text(call.ordering.cart, call.names))
    tell_total(draft, act)


def tell_again(draft: Draft, _act: DialogueAct) -> None:
    """The last reply once more; its question comes by itself."""
    again = draft.call.flow.last_reply
    draft.sentences += again
    draft.is_understood = True
    draft.is_readback = draft.call.ordering.stage is Stage.CONFIRMING
    if not again and draft.call.flow.question.asks is Asks.NOTHING:
        draft.add("nothing_said")


_TELLERS = {
    ActKind.ASK_PRICE: tell_price,
    ActKind.ASK_CONTENTS: tell_contents,
    ActKind.ASK_ALLERGEN: tell_allergen,
    ActKind.ASK_MENU: tell_menu,
    ActKind.ASK_HOURS: tell_hours,
    ActKind.ASK_TOTAL: tell_total,
    ActKind.REPEAT_ORDER: tell_order,
    ActKind.REPEAT: tell_again,
    ActKind.OFF_MENU: tell_off_menu,
}
