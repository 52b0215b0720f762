"""What a load balancer or Kubernetes asks: is the process alive, may it get traffic."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from canvas import gateway


def alive(_request: HttpRequest) -> JsonResponse:
    """The process answers. Nothing else is asked, or an outage elsewhere would restart pods."""
    return JsonResponse({"status": "ok"})


def ready(_request: HttpRequest) -> JsonResponse:
    """The database answers. Without Redis the pod is degraded, not dead."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "database": "unreachable"}, status=503)
    pod = gateway.current()
    degraded = pod is not None and pod.degraded
    return JsonResponse({"status": "degraded" if degraded else "ok", "database": "ok"})
