"""What a load balancer or Kubernetes asks: is the process alive, may it get traffic."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from canvas.pod.pod import current_pod


def alive(_request: HttpRequest) -> JsonResponse:
    """The process answers. Nothing else is asked, or an outage elsewhere would restart pods."""
    return JsonResponse({"status": "ok"})


def ready(_request: HttpRequest) -> JsonResponse:
    """The database answers, and the pod stays. Without Redis it is degraded, not dead."""
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
