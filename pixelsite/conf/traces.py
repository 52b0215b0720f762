"""The endpoint of traces, from OpenTelemetry's own environment variables."""

from importlib import import_module

from django.core.exceptions import ImproperlyConfigured

from pixelsite.conf.env import Environment

PROTOCOL = "http/protobuf"
EXPORTER = "opentelemetry.exporter.otlp.proto.http.trace_exporter"


def traces_endpoint(env: Environment) -> str:
    """Return the URL that spans are posted to, empty for none.

    Raise ImproperlyConfigured for a URL or protocol that is not supported, and where
    OpenTelemetry's packages are missing.
    """
    base = env.text("OTEL_EXPORTER_OTLP_ENDPOINT").rstrip("/")
    endpoint = env.text("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", base and f"{base}/v1/traces")
    if not endpoint or env.flag("OTEL_SDK_DISABLED", default=False):
        return ""
    if not endpoint.startswith(("http://", "https://")):
        raise ImproperlyConfigured(
            "OTEL_EXPORTER_OTLP_ENDPOINT must start with http:// or https://."
        )
    if env.text("OTEL_EXPORTER_OTLP_PROTOCOL", PROTOCOL) != PROTOCOL:
        raise ImproperlyConfigured(f"OTEL_EXPORTER_OTLP_PROTOCOL can only be {PROTOCOL}.")
    try:
        import_module(EXPORTER)
    except ImportError as error:
        raise ImproperlyConfigured(
            "OTEL_EXPORTER_OTLP_ENDPOINT is set, but OpenTelemetry is not installed: build the "
            "image with OTEL=1, or install requirements-otel.txt."
        ) from error
    return endpoint
