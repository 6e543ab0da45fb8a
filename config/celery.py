"""The Celery application: `celery -A config.celery worker`."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from celery import Celery, signals

from config.worker_heartbeat import WorkerHeartbeat

app = Celery("comanda")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["consumer"].add(WorkerHeartbeat)


@signals.worker_init.connect  # type: ignore[untyped-decorator]  # celery has no types
def watch_rollout(**_: Any) -> None:
    """One process, many threads: a pool that forks would have to do this in `worker_process_init` instead."""
    from flags.watching import watch_in_thread

    watch_in_thread("worker")
