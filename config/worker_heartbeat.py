"""A Celery worker says every two seconds that it consumes tasks; /readyz reads when it last did.

The step lives inside the worker's consumer: it starts after the task queues are open and stops when the broker is lost,
so a worker that is alive but deaf falls silent.
"""

import logging
import time
from typing import Any

from celery import bootsteps
from django.conf import settings

logger = logging.getLogger(__name__)

KEY = "comanda:workers"  # sorted set: worker name → when it last reported, seconds since the epoch
EVERY_S = 2.0
SILENT_AFTER_S = 10.0
FORGOTTEN_AFTER_S = 3600.0


class WorkerHeartbeat(bootsteps.StartStopStep):  # type: ignore[misc]  # celery has no types
    requires = {"celery.worker.consumer.tasks:Tasks"}

    def __init__(self, consumer: Any, **options: Any) -> None:
        import redis  # only the worker needs it, and every process imports this module

        super().__init__(consumer, **options)
        self._timer: Any = None
        self._client = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1.0, socket_connect_timeout=1.0)

    def start(self, consumer: Any) -> None:
        self._report(consumer.hostname)
        self._timer = consumer.timer.call_repeatedly(EVERY_S, self._report, (consumer.hostname,))

    def stop(self, consumer: Any) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def shutdown(self, consumer: Any) -> None:
        """A worker that leaves in order is not waited for."""
        self.stop(consumer)
        from redis.exceptions import RedisError

        try:
            self._client.zrem(KEY, consumer.hostname)
        except RedisError as error:
            logger.info("worker could not sign off", extra={"reason": type(error).__name__})
        self._client.close()

    def _report(self, name: str) -> None:
        from redis.exceptions import RedisError

        now = time.time()
        try:
            with self._client.pipeline(transaction=False) as pipe:
                pipe.zadd(KEY, {name: now})
                pipe.zremrangebyscore(KEY, "-inf", now - FORGOTTEN_AFTER_S)
                pipe.execute()
        except RedisError as error:
            logger.warning("worker heartbeat not written", extra={"reason": type(error).__name__})
