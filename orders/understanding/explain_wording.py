"""The words of an explanation, for staff, per language: whole templates, as in `orders.wording`."""

from __future__ import annotations

from collections.abc import Mapping

from orders.understanding.types import ActKind
from orders.understanding.verdict import Verdict

VERDICT: Mapping[str, Mapping[Verdict, str]] = {
    "en": {Verdict.ACCEPTED: "accepted", Verdict.READ_BACK: "would read back", Verdict.ASK: "would ask"},
    "es": {Verdict.ACCEPTED: "aceptado", Verdict.READ_BACK: "lo repetiría", Verdict.ASK: "preguntaría"},
}
VERDICT_WHY: Mapping[str, Mapping[Verdict, str]] = {
    "en": {
        Verdict.ACCEPTED: "Sure enough to act on at once.",
        Verdict.READ_BACK: "Done, and told back together with what was not understood.",
        Verdict.ASK: "Nothing changes before the customer says yes, or says it again.",
    },
    "es": {
        Verdict.ACCEPTED: "Lo bastante seguro para hacerlo sin más.",
        Verdict.READ_BACK: "Se hace, y se repite junto con lo que no se entendió.",
        Verdict.ASK: "Nada cambia hasta que el cliente diga que sí, o lo repita.",
    },
}
KIND: Mapping[str, Mapping[str, str]] = {
    "en": {
        "item": "item", "option": "option", "variation": "size", "preset": "bundle", "combo": "combo",
        "combo_size": "combo size", "number": "number", "amount": "how much", "cue": "signal", "filler": "filler",
        "declined": "not wanted", "unknown": "not understood",
    },
    "es": {
        "item": "artículo", "option": "opción", "variation": "tamaño", "preset": "paquete", "combo": "combo",
        "combo_size": "tamaño de combo", "number": "número", "amount": "cantidad", "cue": "señal",
        "filler": "relleno", "declined": "no se quiere", "unknown": "sin entender",
    },
}  # fmt: skip
EDIT: Mapping[str, Mapping[str, str]] = {
    "en": {
        "AddLine": "Add {what}",
        "SetQuantity": "{line}: make it {quantity}",
        "SetVariation": "{line}: size {size}",
        "NoVariation": "{line}: no size",
        "SetOption": "{line}: {option}",
        "SetUnresolved": "{line}: {options}, to be asked",
        "RemoveOption": "{line}: take back {option}",
        "SplitLine": "{line}: {quantity} of them apart",
        "ReplaceLine": "{line}: {what} instead",
        "RemoveLine": "Remove {line}",
        "ClearCart": "Remove everything",
        "ToCombo": "{line}: as {combo}",
        "NoCombo": "{line}: without the combo",
        "SetComboSlot": "{line}: {what} as {slot}",
        "SetHalves": "{line}: half {first}, half {second}",
        "NoHalves": "{line}: whole again",
        "pickup": "To pick up",
        "dine_in": "To eat here",
        "delivery": "To be delivered",
        "SetCustomer": "Note the customer's name or phone",
        "NoteAllergy": "Note an allergy: {allergen}",
        "gone": "a line that is not there",
        "one_of": "one of: {items}",
    },
    "es": {
        "AddLine": "Añadir {what}",
        "SetQuantity": "{line}: que sean {quantity}",
        "SetVariation": "{line}: tamaño {size}",
        "NoVariation": "{line}: sin tamaño",
        "SetOption": "{line}: {option}",
        "SetUnresolved": "{line}: {options}, por preguntar",
        "RemoveOption": "{line}: retirar {option}",
        "SplitLine": "{line}: {quantity} aparte",
        "ReplaceLine": "{line}: {what} en su lugar",
        "RemoveLine": "Quitar {line}",
        "ClearCart": "Quitar todo",
        "ToCombo": "{line}: como {combo}",
        "NoCombo": "{line}: sin el combo",
        "SetComboSlot": "{line}: {what} como {slot}",
        "SetHalves": "{line}: mitad {first}, mitad {second}",
        "NoHalves": "{line}: entero de nuevo",
        "pickup": "Para llevar",
        "dine_in": "Para comer aquí",
        "delivery": "A domicilio",
        "SetCustomer": "Anotar el nombre o el teléfono del cliente",
        "NoteAllergy": "Anotar una alergia: {allergen}",
        "gone": "una línea que no está",
        "one_of": "uno de: {items}",
    },
}
ACT: Mapping[str, Mapping[ActKind, str]] = {
    "en": {
        ActKind.YES: "says yes",
        ActKind.NO: "says no",
        ActKind.DONE: "has nothing more to order",
        ActKind.CANCEL_ORDER: "wants to cancel everything",
        ActKind.ASK_PERSON: "asks for a person",
        ActKind.REPEAT: "asks to hear that again",
        ActKind.REPEAT_ORDER: "asks to hear the order",
        ActKind.ASK_TOTAL: "asks for the total",
        ActKind.ASK_PRICE: "asks what it costs",
        ActKind.ASK_CONTENTS: "asks what comes on it",
        ActKind.ASK_ALLERGEN: "asks about an allergen",
        ActKind.ASK_MENU: "asks what there is",
        ActKind.ASK_HOURS: "asks about times",
        ActKind.UNDO: "takes the last change back",
        ActKind.GREETING: "greets",
        ActKind.THANKS: "says thanks",
        ActKind.HOLD: "asks to wait",
        ActKind.OFF_MENU: "asks for something that is not on the menu",
        ActKind.NO_PREFERENCE: "has no preference",
    },
    "es": {
        ActKind.YES: "dice que sí",
        ActKind.NO: "dice que no",
        ActKind.DONE: "no quiere nada más",
        ActKind.CANCEL_ORDER: "quiere cancelar todo",
        ActKind.ASK_PERSON: "pide hablar con una persona",
        ActKind.REPEAT: "pide que se lo repitan",
        ActKind.REPEAT_ORDER: "pide oír el pedido",
        ActKind.ASK_TOTAL: "pregunta por el total",
        ActKind.ASK_PRICE: "pregunta cuánto cuesta",
        ActKind.ASK_CONTENTS: "pregunta qué lleva",
        ActKind.ASK_ALLERGEN: "pregunta por un alérgeno",
        ActKind.ASK_MENU: "pregunta qué hay",
        ActKind.ASK_HOURS: "pregunta por horarios",
        ActKind.UNDO: "deshace el último cambio",
        ActKind.GREETING: "saluda",
        ActKind.THANKS: "da las gracias",
        ActKind.HOLD: "pide esperar",
        ActKind.OFF_MENU: "pide algo que no está en la carta",
        ActKind.NO_PREFERENCE: "le da igual",
    },
}
