"""Tags every page uses: its language and its words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html, json_script
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from restaurants.page_text import FOLDER, page_text, section

register = template.Library()


@register.simple_tag(takes_context=True)
def page_language(context: Context) -> str:
    """The `language` the view gave, else the visitor's own."""
    return str(context.get("language") or get_language() or "en")


@register.simple_tag(takes_context=True)
def text(context: Context, key: str, **values: Any) -> str:
    """{% text "order.wait" minutes=10 %}; with `count`, the plural form of the key. An unknown key raises KeyError."""
    words = page_text(page_language(context))
    if "count" in values:
        key = f"{key}_one" if values["count"] == 1 else f"{key}_other"
    return words[key].format(**values) if values else words[key]


@register.simple_tag(takes_context=True)
def page_words(context: Context, *prefixes: str) -> SafeString:
    """The page's words for its modules, as a data block that a strict content policy allows."""
    return json_script(section(page_language(context), *prefixes), "page-words")


@register.simple_tag
def icon(name: str) -> SafeString:
    """A decoration; what it means is always also a word."""
    sheet = static("img/icons.svg")
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#icon-{}"></use></svg>', sheet, name)


@register.simple_tag
def sample_recordings(slug: str, language: str) -> list[str]:
    """Files of a demo restaurant's recorded order, in the order in which they are said; empty for any other."""
    manifest = FOLDER.parent / "audio" / "samples.json"
    samples: Mapping[str, list[dict[str, str]]] = json.loads(manifest.read_text("utf-8"))
    return [recording["file"] for recording in samples.get(slug, []) if recording["language"] == language]
