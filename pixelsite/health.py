"""Probes of Kubernetes or a load balancer: is the process alive, may it get traffic."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from canvas.pod.pod import current_pod


def alive(_request: HttpRequest) -> JsonResponse:
    """Answer that the process runs.

    It checks nothing else: otherwise an outage of Redis or the database would restart pods.
    """
    return JsonResponse({"status": "ok"})


def ready(_request: HttpRequest) -> JsonResponse:
    """Answer 200 if the database answers and the pod is not draining, else 503.

    Without Redis the pod is ready, with the status `degraded`.
    """
    pod = current_pod.get()
    if pod is not None and pod.draining:
        return JsonResponse({"status": "draining"}, status=503)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": "unreachable"}, status=503)
    degraded = pod is not None and pod.degraded
    return JsonResponse({"status": "degraded" if degraded else "ok", "database": "ok"})
