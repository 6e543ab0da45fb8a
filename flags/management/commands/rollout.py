"""`python manage.py rollout`: the state of streaming, and what an operator does about it from a terminal."""

from __future__ import annotations

from argparse import RawDescriptionHelpFormatter
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from flags import selectors, services
from flags.declared import VOICE_STREAMING
from flags.models import RolloutFlag, StaleFlag
from flags.snapshot import store
from flags.watching import refresh
from flags.wording import state_text, why
from restaurants.models import Restaurant
from restaurants.selectors import get_restaurant_by_slug

ABOUT = """\
  rollout                                                what holds now, and whether every process knows
  rollout kill --by NAME --reason WHY [--hard]           no call streams until a person releases it
  rollout release --by NAME --reason WHY                 back to the percentage as it stands
  rollout percent 25 --by NAME --reason WHY              share of calls that stream
  rollout explain RESTAURANT CALL                        how a call would be decided now, and why
"""

PATIENCE_S = 3.0  # for processes to say that they know


class Command(BaseCommand):
    help = ABOUT

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, formatter_class=RawDescriptionHelpFormatter, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        verbs = parser.add_subparsers(dest="verb", metavar="")
        for verb in ("kill", "release", "percent"):
            one = verbs.add_parser(verb)
            if verb == "percent":
                one.add_argument("percent", help="0 to 100, three places")
            one.add_argument("--by", required=True, metavar="NAME", help="your sign-in")
            one.add_argument("--reason", required=True, metavar="WHY")
            if verb == "kill":
                one.add_argument("--hard", action="store_true", help="live calls too, in the middle of a sentence")
        explain = verbs.add_parser("explain")
        explain.add_argument("restaurant", help="its address, as in /r/RESTAURANT/")
        explain.add_argument("call", help="a call's id, or any text")

    def handle(self, *_args: Any, **options: Any) -> None:
        verb = options["verb"]
        if verb == "explain":
            return self._explain(options["restaurant"], options["call"])
        if verb is not None:
            self._change(verb, options)
            selectors.wait_for_processes(PATIENCE_S)
        flag = RolloutFlag.objects.get(name=VOICE_STREAMING)
        self.stdout.write(f"{flag.name}: {state_text(flag.state)}")
        self.stdout.write(selectors.processes_in_words())
        return None

    def _change(self, verb: str, options: dict[str, Any]) -> None:
        actor = User.objects.filter(username=options["by"], is_active=True).first()
        reason = options["reason"].strip()
        if actor is None or not actor.is_superuser:
            raise CommandError(f"{options['by']} may not change the rollout: it takes an active superuser.")
        if not reason:
            raise CommandError("Say why.")
        if verb == "kill":
            mode = "hard" if options["hard"] else "drain"
            services.kill(VOICE_STREAMING, actor=actor, reason=reason, mode=mode)
        elif verb == "release":
            services.release(VOICE_STREAMING, actor=actor, reason=reason)
        else:
            self._set_percent(options["percent"], actor, reason)

    def _set_percent(self, text: str, actor: User, reason: str) -> None:
        percent = _percent(text)
        version = RolloutFlag.objects.get(name=VOICE_STREAMING).version
        try:
            services.set_percent(VOICE_STREAMING, percent=percent, actor=actor, reason=reason, expected_version=version)
        except StaleFlag as error:
            raise CommandError(str(error)) from None

    def _explain(self, slug: str, call: str) -> None:
        try:
            restaurant = get_restaurant_by_slug(slug)
        except Restaurant.DoesNotExist:
            raise CommandError(f"There is no restaurant {slug}.") from None
        refresh()
        decision = store.decide(VOICE_STREAMING, restaurant_id=restaurant.pk, subject=call)
        self.stdout.write(f"{decision.mode}: {why(decision.reason, decision.bucket, decision.threshold)}")


def _percent(text: str) -> Decimal:
    try:
        percent = Decimal(text)
        if 0 <= percent <= 100:
            return percent
    except InvalidOperation:
        pass
    raise CommandError(f"{text} is no percentage: 0 to 100.")
