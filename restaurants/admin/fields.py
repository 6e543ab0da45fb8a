"""Texts per language and money, as the admin's pages show them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.numbers import format_currency, get_currency_precision
from django import forms
from django.db import models
from unfold.widgets import UnfoldAdminTextareaWidget

from restaurants.menu_format.rules import LANGUAGE_PATTERN
from restaurants.models import Restaurant


class LanguageLinesField(forms.CharField):
    """A text per language, one to a line: "es: Cebolla". Stored as {"es": "Cebolla"}."""

    def __init__(self, *, encoder: Any = None, decoder: Any = None, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "help_text": 'One language to a line, such as "es: Cebolla".'})
        self.encoder, self.decoder = encoder, decoder  # what a model's JSONField hands over; plain texts need neither

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dict):
            return "\n".join(f"{language}: {text}" for language, text in value.items())
        return value

    def to_python(self, value: Any) -> Any:
        lines = [line for line in (super().to_python(value) or "").splitlines() if line.strip()]
        found: dict[str, str] = {}
        for line in lines:
            language, colon, text = (part.strip() for part in line.partition(":"))
            if not colon or not text or not LANGUAGE_PATTERN.fullmatch(language):
                raise forms.ValidationError(f'Write a language, a colon and the text (es: Cebolla), not "{line}".')
            if language in found:
                raise forms.ValidationError(f"{language} stands twice.")
            found[language] = text
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return bool(super().has_changed(self.prepare_value(initial or {}), data))


LANGUAGE_LINES = {
    models.JSONField: {
        "form_class": LanguageLinesField,
        "widget": UnfoldAdminTextareaWidget(attrs={"rows": 2}),
    }
}


def money(cents: int, restaurant: Restaurant) -> str:
    major = Decimal(cents).scaleb(-get_currency_precision(restaurant.currency))
    return str(format_currency(major, restaurant.currency, locale=restaurant.locale.replace("-", "_")))
