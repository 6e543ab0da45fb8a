"""The Celery application: `celery -A config.celery worker`."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DATABASE_POOL_SIZE", "16")

from celery import Celery

from config.worker_heartbeat import WorkerHeartbeat

app = Celery("comanda")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["consumer"].add(WorkerHeartbeat)
