"""The flag with its kill, and what happened to it. Both belong to the house (superusers)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from unfold.decorators import action, display
from unfold.enums import ActionVariant
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminRadioSelectWidget, UnfoldAdminTextareaWidget

from flags import selectors, services
from flags.admin.access import HousePage, person_of
from flags.models import PERCENT_BOUNDS, RolloutEvent, RolloutFlag, StaleFlag
from flags.rollout import KillMode
from flags.wording import change_text, state_text

PATIENCE_S = 1.0  # for processes to say that they know of a kill
STATE_COLOURS = {"Killed": "danger", "Percentage": "success", "Everyone": "info", "Off": "warning"}


class ReasonForm(BaseDialogForm):
    reason = forms.CharField(label="Why", min_length=3, max_length=200, widget=UnfoldAdminTextareaWidget({"rows": 2}))


class KillForm(ReasonForm):
    mode = forms.ChoiceField(
        label="Live calls",
        choices=[
            (KillMode.DRAIN.value, "finish the sentence being spoken, then go on in batch"),
            (KillMode.HARD.value, "go on in batch at once"),
        ],
        initial=KillMode.DRAIN.value,
        widget=UnfoldAdminRadioSelectWidget(),
    )


class PercentForm(ReasonForm):
    percent = forms.DecimalField(
        label="Percent of calls that stream",
        max_digits=6,
        decimal_places=3,
        validators=PERCENT_BOUNDS,
        widget=UnfoldAdminDecimalFieldWidget(),
    )
    expected_version = forms.IntegerField(widget=forms.HiddenInput)
    field_order = ("percent", "reason", "expected_version")

    def __init__(self, request: HttpRequest, object_id: Any = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, object_id, *args, **kwargs)
        flag = RolloutFlag.objects.get(pk=object_id)
        self.initial |= {"percent": flag.percent, "expected_version": flag.version}


def state_of(flag: RolloutFlag) -> tuple[str, str]:
    """Its colour's name, and the state in words."""
    text = state_text(flag.state)
    if flag.is_killed:
        return "Killed", f"killed ({flag.state.kill_mode})"
    if flag.everyone:
        return "Everyone", text
    return "Off" if flag.percent is None else "Percentage", text


@admin.register(RolloutFlag)
class RolloutFlagAdmin(HousePage):
    """Changed by its buttons only: each asks why, and none overwrites what somebody else did meanwhile."""

    list_display = ("name", "shown_state", "processes", "version", "owner", "modified")
    search_fields = ("name", "note")
    ordering = ("name",)
    actions_detail = ("set_percent", "kill", "release")
    fieldsets = (
        (None, {"fields": ("name", "note", "state", "kill_told", "processes")}),
        ("Details", {"fields": ("percent", "version", "epoch", "owner", "kind", "expires_at", "salt")}),
    )
    readonly_fields = ("state", "kill_told", "processes")
    actions_detail_hide_default = True  # Django's own log knows nothing of these changes; "Rollout history" does

    def has_operate_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return self.has_view_permission(request)

    @display(
        description="State", label={"Killed": "danger", "Percentage": "success", "Everyone": "info", "Off": "warning"}
    )
    def shown_state(self, flag: RolloutFlag) -> tuple[str, str]:
        return state_of(flag)

    @display(description="State")
    def state(self, flag: RolloutFlag) -> str:
        return state_of(flag)[1]

    @display(description="Killed by")
    def kill_told(self, flag: RolloutFlag) -> str:
        if not flag.is_killed:
            return "–"
        by = flag.killed_by.get_username() if flag.killed_by else "a program"
        at = f"{flag.killed_at:%d %b %H:%M} UTC" if flag.killed_at else "unknown time"
        return f"{by}, {at}: {flag.kill_reason or 'no reason given'}"

    @display(description="Processes")
    def processes(self, flag: RolloutFlag) -> str:
        return selectors.processes_in_words()

    @action(
        description="Change percentage",
        url_path="percent",
        permissions=["operate"],
        icon="percent",
        dialog={
            "title": "Change the percentage",
            "description": "Calls that stream now keep streaming; a higher percentage only adds calls.",
            "form_class": PercentForm,
            "form_submit_text": "Change",
        },
    )
    def set_percent(self, request: HttpRequest, form: PercentForm, object_id: int) -> HttpResponse:
        flag = RolloutFlag.objects.get(pk=object_id)
        facts = form.cleaned_data
        try:
            services.set_percent(
                flag.name,
                percent=facts["percent"],
                actor=person_of(request),
                reason=facts["reason"],
                expected_version=facts["expected_version"],
            )
        except (StaleFlag, OperationalError):
            self.message_user(request, "Somebody changed the flag meanwhile: nothing was changed now.", messages.ERROR)
        else:
            self.message_user(request, f"{facts['percent'].normalize():f} % of new calls stream.", messages.SUCCESS)
        return self._back(request, object_id)

    @action(
        description="Kill streaming",
        url_path="kill",
        permissions=["operate"],
        icon="emergency",
        variant=ActionVariant.DANGER,
        dialog={
            "title": "Kill streaming everywhere",
            "description": "No new call streams until a person releases it; live calls fall back.",
            "form_class": KillForm,
            "form_submit_text": "Kill",
        },
    )
    def kill(self, request: HttpRequest, form: KillForm, object_id: int) -> HttpResponse:
        flag = RolloutFlag.objects.get(pk=object_id)
        facts = form.cleaned_data
        services.kill(flag.name, actor=person_of(request), reason=facts["reason"], mode=facts["mode"])
        selectors.wait_for_processes(PATIENCE_S)
        self.message_user(request, f"Killed. {selectors.processes_in_words()}", messages.WARNING)
        return self._back(request, object_id)

    @action(
        description="Release",
        url_path="release",
        permissions=["operate"],
        icon="play_arrow",
        dialog={
            "title": "Release the kill",
            "description": "New calls stream by the percentage again. Lower it first if you are not sure.",
            "form_class": ReasonForm,
            "form_submit_text": "Release",
        },
    )
    def release(self, request: HttpRequest, form: ReasonForm, object_id: int) -> HttpResponse:
        flag = RolloutFlag.objects.get(pk=object_id)
        services.release(flag.name, actor=person_of(request), reason=form.cleaned_data["reason"])
        self.message_user(request, "Released.", messages.SUCCESS)
        return self._back(request, object_id)

    def _back(self, request: HttpRequest, object_id: int) -> HttpResponse:
        page = reverse("admin:flags_rolloutflag_change", args=[object_id])
        return HttpResponse(headers={"HX-Redirect": page}) if "HX-Request" in request.headers else redirect(page)


@admin.register(RolloutEvent)
class RolloutEventAdmin(HousePage):
    list_display = ("at", "flag", "action", "actor_name", "shown_change", "reason")
    list_filter = ("action", "flag")
    list_select_related = ("flag",)
    search_fields = ("actor_name", "reason")
    date_hierarchy = "at"
    exclude = ("actor",)

    @display(description="Change")
    def shown_change(self, event: RolloutEvent) -> str:
        return change_text(event.before, event.after)
