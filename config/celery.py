"""The Celery application: `celery -A config.celery worker`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from celery import Celery

from config.worker_heartbeat import WorkerHeartbeat

app = Celery("comanda")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["consumer"].add(WorkerHeartbeat)
