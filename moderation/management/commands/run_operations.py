"""The command that carries out running operations on a site without a running pod."""

import time
from typing import Any

from django.core.management.base import BaseCommand

from moderation.models import Operation
from moderation.runner import MIN_PAUSE, Worker


class Command(BaseCommand):
    help = "Carry out the operations of moderators that are running, to their end."

    def handle(self, *args: Any, **options: Any) -> None:
        worker = Worker()
        while worker.work():
            time.sleep(MIN_PAUSE)
        for operation in Operation.objects.filter(state=Operation.State.RUNNING):
            self.stdout.write(f"{operation}: another process is at it.")
