"""The rollout's pages: the house kills, releases and says why; a manager sees and stops their own restaurant only."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from flags import services
from flags.declared import VOICE_STREAMING
from flags.models import RestaurantOverride, RolloutEvent, RolloutExposure, RolloutFlag
from flags.rollout import Reason
from flags.wording import why
from restaurants.models import Restaurant
from restaurants.scoping import across_restaurants, for_restaurant
from voice.services import open_call

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("empty_redis")]

PAGES = (RolloutFlag, RestaurantOverride, RolloutExposure, RolloutEvent)


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def changelist(model: type[Any]) -> str:
    return reverse(f"admin:flags_{model._meta.model_name}_changelist")


def button(flag: RolloutFlag, name: str) -> str:
    return reverse(f"admin:flags_rolloutflag_{name}", args=[flag.pk])


def press(client: Client, flag: RolloutFlag, name: str, **form: Any) -> Any:
    """As the dialog's own script does."""
    return client.post(button(flag, name), {"_form_submitted": "True", **form}, headers={"HX-Request": "true"})


def rule_of(restaurant: Restaurant) -> RestaurantOverride | None:
    with for_restaurant(restaurant.pk):
        return RestaurantOverride.objects.first()


def form_of(flag: RolloutFlag, restaurant: Restaurant, force: str, **fields: Any) -> dict[str, Any]:
    later = timezone.now() + timedelta(days=1)
    return {
        "flag": flag.pk,
        "restaurant": restaurant.pk,
        "force": force,
        "note": "echo on the line",
        "expires_at_0": f"{later:%Y-%m-%d}",
        "expires_at_1": f"{later:%H:%M:%S}",
        **fields,
    }


def exposed(restaurant: Restaurant) -> None:
    open_call(slug=restaurant.slug, language="en", engine="scripted", hears={"en"}, captions_only=True)


def ruled(restaurant: Restaurant, actor: User | str, force: str = "off") -> RestaurantOverride:
    later = timezone.now() + timedelta(hours=1)
    return services.set_override(
        VOICE_STREAMING, restaurant_id=restaurant.pk, force=force, note="echo", expires_at=later, actor=actor
    )


def test_everything_opens_for_the_house(osteria: Restaurant, flag: RolloutFlag, person: User) -> None:
    exposed(osteria)
    ruled(osteria, person)
    client = client_of(person)
    for model in PAGES:
        page = client.get(changelist(model))
        assert page.status_code == 200, model
        with across_restaurants("look at one"):
            row = model._default_manager.first()
        assert client.get(reverse(f"admin:flags_{model._meta.model_name}_change", args=[row.pk])).status_code == 200
    with across_restaurants("look at one"):
        exposure = RolloutExposure.objects.get()
    sentence = why(Reason(exposure.reason), exposure.bucket, exposure.threshold)  # which one depends on the process
    assert escape(sentence) in client.get(changelist(RolloutExposure)).content.decode()


def test_managers_see_their_own_restaurant_only(
    osteria: Restaurant, diner: Restaurant, owner: User, cook: User, flag: RolloutFlag
) -> None:
    for restaurant in (osteria, diner):
        exposed(restaurant)
        ruled(restaurant, "test")
    client = client_of(owner)
    for model in (RestaurantOverride, RolloutExposure):
        page = client.get(changelist(model))
        assert {row.restaurant_id for row in page.context["cl"].result_list} == {osteria.pk}
        assert diner.name not in page.content.decode()
    for model in (RolloutFlag, RolloutEvent):
        assert client.get(changelist(model)).status_code == 403
    for name in ("kill", "release", "set_percent"):
        assert client.post(button(flag, name), {"reason": "mine now", "mode": "hard"}).status_code == 403
    for model in PAGES:
        assert client_of(cook).get(changelist(model)).status_code == 403
    flag.refresh_from_db()
    assert not flag.is_killed


def test_the_house_kills_and_releases_with_a_reason(flag: RolloutFlag, person: User) -> None:
    client = client_of(person)
    assert client.get(button(flag, "kill")).status_code == 200
    press(client, flag, "kill", mode="hard", reason="")
    flag.refresh_from_db()
    assert not flag.is_killed, "without a reason nothing happens"
    answer = press(client, flag, "kill", mode="hard", reason="gaps in the audio")
    assert answer.headers["HX-Redirect"].endswith(f"/{flag.pk}/change/")
    flag.refresh_from_db()
    assert (flag.everyone, flag.kill_mode, flag.killed_by) == (False, "hard", person)
    page = client.get(answer.headers["HX-Redirect"]).content.decode()
    assert "gaps in the audio" in page
    assert "killed (hard)" in page
    assert button(flag, "release") in page
    assert "kill_mode: – → hard" in client.get(changelist(RolloutEvent)).content.decode()
    press(client, flag, "release", reason="fixed")
    flag.refresh_from_db()
    assert flag.everyone is None


def test_a_percentage_is_not_set_over_somebody_elses_change(flag: RolloutFlag, person: User) -> None:
    client = client_of(person)
    assert f'value="{flag.version}"' in client.get(button(flag, "set_percent")).content.decode()
    form = {"percent": "25", "reason": "ramp", "expected_version": flag.version}
    services.kill(VOICE_STREAMING, actor=person, reason="gaps")
    page = client.get(press(client, flag, "set_percent", **form).headers["HX-Redirect"])
    assert "Somebody changed the flag" in page.content.decode()
    flag.refresh_from_db()
    assert (flag.percent, flag.everyone) == (100, False)
    press(client, flag, "set_percent", **form | {"expected_version": flag.version})
    flag.refresh_from_db()
    assert (flag.percent, flag.everyone) == (25, False)


def test_a_manager_may_switch_off_and_nothing_else(
    osteria: Restaurant, diner: Restaurant, owner: User, flag: RolloutFlag
) -> None:
    client, add = client_of(owner), reverse("admin:flags_restaurantoverride_add")
    for wrong in (
        form_of(flag, osteria, "on"),
        form_of(flag, osteria, "inherit", percent="50"),
        form_of(flag, diner, "off"),
        form_of(flag, osteria, "off", note=""),
        form_of(flag, osteria, "off", expires_at_0="", expires_at_1=""),
        form_of(flag, osteria, "off", expires_at_0="2020-01-01"),
    ):
        assert client.post(add, wrong).status_code == 200, "the form comes back"
    assert rule_of(osteria) is None
    assert rule_of(diner) is None
    assert client.post(add, form_of(flag, osteria, "off")).status_code == 302
    rule = rule_of(osteria)
    assert rule is not None
    assert (rule.force, rule.created_by) == ("off", owner)
    delete = reverse("admin:flags_restaurantoverride_delete", args=[rule.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 302
    assert rule_of(osteria) is None
    assert [event.action for event in RolloutEvent.objects.all()[:2]] == ["override_removed", "override"]


def test_what_the_house_switched_off_a_manager_leaves_off(
    osteria: Restaurant, owner: User, person: User, flag: RolloutFlag
) -> None:
    rule, client = ruled(osteria, person), client_of(owner)
    delete = reverse("admin:flags_restaurantoverride_delete", args=[rule.pk])
    assert client.post(delete, {"post": "yes"}).status_code == 403
    add = reverse("admin:flags_restaurantoverride_add")
    assert client.post(add, form_of(flag, osteria, "off")).status_code == 200
    chosen = {"action": "delete_selected", "_selected_action": rule.pk, "post": "yes"}
    client.post(changelist(RestaurantOverride), chosen)
    kept = rule_of(osteria)
    assert kept is not None
    assert kept.created_by == person


def test_the_house_sets_a_cap_or_forces_on(osteria: Restaurant, person: User, flag: RolloutFlag) -> None:
    client, add = client_of(person), reverse("admin:flags_restaurantoverride_add")
    assert client.post(add, form_of(flag, osteria, "inherit")).status_code == 200, "which percentage?"
    assert client.post(add, form_of(flag, osteria, "inherit", percent="5")).status_code == 302
    assert client.post(add, form_of(flag, osteria, "on")).status_code == 302, "a second rule replaces the first"
    rule = rule_of(osteria)
    assert rule is not None
    assert (rule.force, rule.percent) == ("on", None)
