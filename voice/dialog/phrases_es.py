"""What Comanda says in Spanish: neutral between Spain and America; no articles: menu names have no known gender."""

from __future__ import annotations

from collections.abc import Sequence

NUMBERS = ("", "1", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce")
CURRENCIES = {
    "USD": ("un dólar", "dólares", "un centavo", "centavos"),
    "CAD": ("un dólar", "dólares", "un centavo", "centavos"),
    "AUD": ("un dólar", "dólares", "un centavo", "centavos"),
    "NZD": ("un dólar", "dólares", "un centavo", "centavos"),
    "EUR": ("un euro", "euros", "un céntimo", "céntimos"),
    "GBP": ("una libra", "libras", "un penique", "peniques"),
    "MXN": ("un peso", "pesos", "un centavo", "centavos"),
}
NOISES = frozenset("eh em mm mmm mhm hm hmm ah oh uh um ajá aja ejem ja uy".split())
ASSENTS = frozenset(
    "sí si vale bien bueno claro ok okay okey ya perfecto genial exacto entiendo de acuerdo eso".split()
)
OPEN_WORDS = frozenset(
    """un una unos unas el la los las y e o u con sin de del para por en a al pero también tambien mi me mis que quiero
    quisiera querría querria ponme póngame pongame dame deme media medio otro otra extra poco poca doble mejor cambia
    añade agrega pon em eh pues entonces es son muy como número numero ni""".split()
) - {"otro", "otra", "media", "medio"}

CONTAINERS = frozenset("lata botella vaso copa taza jarra cartón cuenco caja cesta pinta".split())
TOGETHER = frozenset(("con", "sin", "todo"))  # a bundle so named ("con todo") is said without another "con"

TEMPLATES = {
    # Saludo
    "welcome": "Bienvenido a {restaurant}.",
    "notice_recorded": "Soy un asistente de inteligencia artificial y esta llamada se graba.",
    "notice_not_recorded": "Soy un asistente de inteligencia artificial; el audio no se guarda.",
    "closed_until": "Estamos cerrados; abrimos {opens}. Puede mirar la carta, pero todavía no puedo tomar pedidos.",
    "closed": "Ahora estamos cerrados. Puede mirar la carta, pero todavía no puedo tomar pedidos.",
    "hello": "¡Hola!",
    "welcome_back": "Aquí estamos de nuevo.",
    "you_are_welcome": "De nada.",
    "hold": "Claro, sin prisa.",
    "are_you_there": "¿Sigue ahí?",
    # Preguntar
    "ask_order": "¿Qué desea pedir?",
    "ask_look": "¿Qué le gustaría saber?",
    "ask_more": "¿Algo más?",
    "ask_what_else": "¿Qué más desea?",
    "ask_change": "¿Qué quiere cambiar?",
    "ask_name": "¿A qué nombre pongo el pedido?",
    "ask_item": "¿Cuál prefiere: {choices}?",
    "ask_size": "{line}: ¿de qué tamaño, {choices}?",
    "ask_size_long": "{line}: ¿de qué tamaño?",
    "ask_size_bare": "¿De qué tamaño, {choices}?",
    "ask_size_bare_long": "¿De qué tamaño?",
    "ask_size_and": "¿Y de qué tamaño, {choices}?",
    "ask_size_and_long": "¿Y de qué tamaño?",
    "ask_option": "{line}: ¿cuál prefiere, {choices}?",
    "ask_group": "{line}: ¿qué {group}, {choices}?",
    "ask_group_long": "{line}: ¿qué {group}?",
    "ask_group_bare": "¿Qué {group}, {choices}?",
    "ask_group_bare_long": "¿Qué {group}?",
    "ask_group_and": "¿Y qué {group}, {choices}?",
    "ask_group_and_long": "¿Y qué {group}?",
    "ask_group_count": "{line}: elija {count} ({group}), por favor: {choices}.",
    "ask_slot": "{line}: ¿qué {slot}, {choices}?",
    "ask_slot_long": "{line}: ¿qué {slot}?",
    "ask_slot_bare": "¿Qué {slot}, {choices}?",
    "ask_slot_bare_long": "¿Qué {slot}?",
    "ask_slot_and": "¿Y qué {slot}, {choices}?",
    "ask_slot_and_long": "¿Y qué {slot}?",
    "ask_instead": "¿Prefiere {choices}?",
    "choices": "{choices}.",
    "about": "{line}:",
    "ask_fewer": "¿Le pongo {count}?",
    "ask_without": "¿Lo preparo sin eso?",
    "ask_remove": "¿Lo quito del pedido?",
    "ask_leave_out": "¿Cuál quito: {choices}?",
    # Lo que ha cambiado
    "order_now": "{order}.",
    "removed": "He quitado {order}.",
    "emptied": "Su pedido está vacío.",
    "pickup": "Es para recoger.",
    "dine_in": "Es para comer aquí.",
    "delivery": "Es para entregar a domicilio.",
    "name_noted": "Gracias, {name}.",
    "allergy_noted": "He anotado la alergia ({allergen}); el personal lo comprobará con usted.",
    "undone": "Lo he deshecho.",
    "nothing_to_undo": "No hay nada que deshacer.",
    "announce_changed": "Su pedido: {order}.",
    "announce_added": "Añadido: {order}.",
    "announce_removed": "Quitado: {order}.",
    "announce_undone": "Deshecho.",
    # Lo que no puede ser
    "out_of": "Lo siento, se nos ha acabado: {thing}.",
    "few_left": "Lo siento, solo nos quedan {count} de {thing}.",
    "not_on": "{option}: no lo ofrecemos con {line}.",
    "not_offered": "Lo siento, {thing} no se ofrece de esa forma.",
    "not_possible": "Lo siento, eso no lo puedo hacer.",
    "too_many": "{line}: como máximo {count} de {group}.",
    "too_many_lines": "En un pedido no caben más líneas.",
    "over_cap": "Es más de lo que puedo tomar yo. Aviso a una persona del equipo; también puede pedir menos.",
    "off_menu": "Lo siento, no tenemos {words}.",
    "off_menu_that": "Lo siento, eso no lo tenemos.",
    "nearest": "Lo más parecido que tenemos: {choices}.",
    # Preguntas
    "price": "{thing}: {price}.",
    "price_free": "{thing} no tiene coste adicional.",
    "price_sizes": "{thing}: {prices}.",
    "price_of_size": "{size} {price}",
    "price_of_what": "¿Qué precio quiere saber?",
    "contents": "{thing} lleva {contents}.",
    "contents_plain": "{thing}: {description}",
    "contents_unknown": "No tengo los detalles de {thing}; el personal se los puede dar.",
    "contents_of_what": "¿Sobre qué plato quiere saber?",
    "allergen_contains": "{thing} contiene {allergen}.",
    "allergen_may_contain": "{thing} puede contener {allergen}.",
    "allergen_free": "{thing} figura como libre de {allergen}. Si tiene alergia, dígaselo también al personal.",
    "allergen_unknown": "No sé si {thing} contiene {allergen}: no está verificado. El personal se lo confirmará.",
    "allergen_menu": "Se sabe que contienen {allergen}: {items}.",
    "allergen_menu_rest": "Del resto no está verificado; el personal se lo confirmará.",
    "allergens_listed": "{thing} contiene {allergens}.",
    "allergens_possible": "{thing} puede contener {allergens}.",
    "allergens_rest": "Otros alérgenos no están verificados; el personal se los confirmará.",
    "menu": "Tenemos {choices}.",
    "menu_of": "{name}: {choices}.",
    "menu_of_more": "{name}: {choices}, y más.",
    "open_now": "Ahora estamos abiertos.",
    "wait": "Un pedido tarda unos {minutes} minutos.",
    "total": "El total es {total}.",
    "total_open": "Por ahora son al menos {total}; quedan cosas por elegir.",
    "order_is": "Tiene {order}.",
    "order_empty": "Su pedido está vacío.",
    "nothing_said": "Todavía no he dicho nada.",
    # No entendido
    "missed": "Perdone, no le he entendido.",
    "missed_type": "También puede escribirlo.",
    "missed_chips": "Puede tocar una de las opciones de la pantalla o decirlo de otra forma.",
    "missed_again": "Dígalo de otra forma, por favor.",
    "missed_person": "No consigo entenderle, así que aviso a una persona del equipo.",
    "unknown_words": "No he entendido «{words}».",
    "did_you_mean": "¿Quería decir {order}?",
    "did_you_mean_remove": "¿Quería quitar {order}?",
    "did_you_mean_empty": "¿Quería vaciar su pedido?",
    "did_you_mean_change": "¿Quería cambiar su pedido?",
    "our_fault": "Perdone, hemos tardado demasiado. ¿Puede repetirlo?",
    # Cancelar
    "ask_clear": "¿Cancelo todo el pedido?",
    "kept": "De acuerdo, su pedido se queda como está.",
    "proposal_dropped": "De acuerdo, no lo cambio.",
    "nothing_to_cancel": "Su pedido ya está vacío.",
    # Repaso
    "readback": "Le repito el pedido: {order}.",
    "readback_for": "A nombre de {name}.",
    "readback_allergy": "Alergia: {allergens}. No está verificado que el pedido esté libre; el personal lo confirmará.",
    "readback_total": "El total es {total}.",
    "ask_place": "¿Hago el pedido?",
    "recap_one": "Para estar seguro: un producto, {total}.",
    "recap": "Para estar seguro: {count} productos, {total}.",
    "check_sheet": "Compruebe su pedido en la pantalla, por favor.",
    # Enviar
    "placing": "Estoy enviando su pedido.",
    "placing_frozen": "Su pedido se está enviando y ya no puedo cambiarlo.",
    "placing_slow": "Esto tarda más de lo debido. Lo sigo intentando y aviso a una persona del equipo.",
    "placed": "Pedido hecho. Su número es el {number}.",
    "ready_in": "Estará listo en unos {minutes} minutos.",
    "goodbye": "¡Gracias y hasta luego!",
    "already_placed": "Su pedido está hecho: número {number}. Para cambios, hable con el personal.",
    "refused_closed": "Lo siento, acabamos de cerrar y no puedo hacer el pedido.",
    "refused_problems": "Lo siento, algo de su pedido ya no es posible.",
    # Personas
    "staff_called": "Aviso a una persona del equipo. Mientras tanto puede seguir pidiendo.",
    "staff_already_called": "Ya he avisado a una persona del equipo; le atenderá lo antes posible.",
    "staff_back": "Vuelvo a estar con usted para el pedido.",
    # Batch: words come a sentence at a time
    "mode_batch": "A partir de ahora escucho cada frase entera, así que tardo un poco más en responder.",
    "working": "Un momento, por favor: todavía estoy escuchando lo que ha dicho.",
    "lost_hearing": "Ya no puedo oírle, lo siento. Escriba o toque; no se ha perdido nada. O pida una persona.",
    "lost_hearing_person": "Ya no puedo oírle, lo siento, así que aviso a una persona del equipo.",
    # Avisos
    "notice_typed_only": "Ahora no puedo oírle. Escriba su pedido o tóquelo en la carta: funciona igual de bien.",
    "notice_captions_only": "Ahora no puedo hablar. Mis respuestas están en la pantalla.",
    "notice_session_expired": "Su pedido anterior se cerró porque pasó un rato sin que dijera nada. "
    "Este es uno nuevo: dígame qué quiere pedir.",
    "notice_session_expired_basket": "Su pedido anterior se cerró porque pasó un rato sin que dijera nada; "
    "no llegó a la cocina. Aquí tiene la misma cesta: siga sin más.",
    "notice_stale_revision": "Su pedido ha cambiado entretanto. Compruébelo otra vez, por favor.",
    "notice_busy": "Un momento, por favor: todavía estoy con lo que ha escrito.",
    "notice_too_long": "Esta llamada ha llegado a su límite de tiempo. Empiece de nuevo o hable con el personal.",
    # Dentro de una frase
    "the": "{noun}",
    "half_with": "{item} {options}",
    "combo_with": "{combo} con {parts}",
    "with": "con {options}",
    "without": "sin {options}",
    "aside": "con {options} aparte",
    "styled": "{options}",
    "amount_light": "un poco de {option}",
    "amount_extra": "extra de {option}",
    "amount_other": "{option} ({amount})",
    "counted": "{count} de {option}",
    "first_half": "{option} en una mitad",
    "second_half": "{option} en la otra mitad",
    "some_with": "{count} {options}",
    "note": "nota: {note}",
    "number_size": "{noun} ({size})",
    # Botones: lo que muestran y lo que dicen por el cliente
    "chip_yes": "Sí",
    "say_yes": "sí",
    "chip_no": "No",
    "say_no": "no",
    "chip_place": "Sí, hacer el pedido",
    "chip_change": "No, cambiar algo",
    "chip_done": "Eso es todo",
    "say_done": "eso es todo",
    "chip_menu": "¿Qué tienen?",
    "say_menu": "qué tienen",
    "chip_person": "Una persona, por favor",
    "say_person": "quiero hablar con una persona",
    "chip_repeat_order": "Mi pedido hasta ahora",
    "say_repeat_order": "qué llevo pedido",
    "chip_skip": "Omitir",
    "say_skip": "no",
}


def one_of(choices: Sequence[str]) -> str:
    """ "a, b o c"; "u" before an o."""
    if len(choices) == 1:
        return choices[0]
    word = "u" if choices[-1].lower().startswith(("o", "ho", "ó", "hó", "8", "11")) else "o"
    return f"{', '.join(choices[:-1])} {word} {choices[-1]}"


def all_of(parts: Sequence[str]) -> str:
    """ "a, b y c"; "e" before an i; parts that hold commas themselves are kept apart by semicolons."""
    if len(parts) == 1:
        return parts[0]
    last = parts[-1].lower()
    word = "e" if last.startswith(("i", "hi", "í", "hí")) and not last.startswith(("hie", "hia")) else "y"
    if any("," in part for part in parts):
        return f"{'; '.join(parts[:-1])}{';' if len(parts) > 2 else ','} {word} {parts[-1]}"
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}"


def sized(noun: str, size: str) -> str:
    """ "pizza grande", pero "lata de Coca-Cola"."""
    return f"{size} de {noun}" if _is_container(size) else f"{noun} {size}"


def _is_container(size: str) -> bool:
    return size.partition(" ")[0].lower() in CONTAINERS


def halves(first: str, second: str, size: str, word: str, *, is_many: bool) -> str:
    """Two names that begin with the same word share it: "pizza mitad pepperoni, mitad vegetal". One goes unnumbered."""
    word = word if is_many else ""
    size = plural(size) if is_many else size
    shared, _, one = first.partition(" ")
    begins, _, other = second.partition(" ")
    if one and other and shared.casefold() == begins.casefold():
        parts = (word, plural(shared) if is_many else shared, size, f"mitad {one}, mitad {other}")
        return " ".join(part for part in parts if part)
    lead = " ".join(part for part in (word, size) if part)
    return ", ".join(part for part in (lead, f"mitad {first}", f"mitad {second}") if part)


def quantity(count: int, noun: str, size: str, word: str) -> str:
    """One of a thing goes without a number: "un" or "una" would be a guess."""
    if count == 1:
        return sized(noun, size) if size else noun
    if size and _is_container(size):
        head, space, rest = size.partition(" ")
        return f"{word} {plural(head)}{space}{rest} de {noun}"
    head, space, rest = noun.partition(" ")
    named = f"{word} {plural(head)}{space}{rest}"
    return f"{named} {plural(size)}" if size else named


def plural(word: str) -> str:
    lower = word.lower()
    if not lower or not lower[-1].isalpha() or lower.endswith(("s", "x")) or " " in word:
        return word
    if lower.endswith("z"):
        return word[:-1] + "ces"
    if lower.endswith("ón"):
        return word[:-2] + "ones"
    return word + ("s" if lower[-1] in "aeiouáéó" else "es")


def money(whole: int, cents: int, names: tuple[str, str, str, str]) -> str:
    units = names[0] if whole == 1 else f"{whole} {names[1]}"
    if not cents:
        return units
    parts = names[2] if cents == 1 else f"{cents} {names[3]}"
    return f"{units} con {parts}" if whole else parts
