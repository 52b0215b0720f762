"""The parts that make the site an app: manifest, service worker, and the page for being offline."""

import hashlib

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.vary import vary_on_headers

from canvas.http.fallback_words import WORDS, spoken

NAME = "pixelsite"
COLOR = "#0e1014"
ICONS = [  # file, size, purpose
    ("192.png", "192x192", "any"),
    ("512.png", "512x512", "any"),
    ("maskable-512.png", "512x512", "maskable"),
]


def manifest(request: HttpRequest) -> HttpResponse:
    """Tell browsers how to install the site."""
    icons = [
        {
            "src": static(f"canvas/icons/{file}"),
            "sizes": size,
            "type": "image/png",
            "purpose": purpose,
        }
        for file, size, purpose in ICONS
    ]
    body = {
        "id": "/",
        "name": NAME,
        "short_name": NAME,
        "description": "A canvas that everyone draws on, one pixel at a time.",
        "start_url": reverse("page"),
        "scope": "/",
        "display": "standalone",
        "background_color": COLOR,
        "theme_color": COLOR,
        "icons": icons,
    }
    answer = JsonResponse(body, content_type="application/manifest+json")
    answer["Cache-Control"] = "no-cache"
    return answer


def service_worker(request: HttpRequest) -> HttpResponse:
    """Serve the service worker. Its cache bears the hash of what is in it: a deploy renews it."""
    files = [
        static(name)
        for name in ("canvas/css/base.css", "canvas/css/canvases.css", "canvas/favicon.svg")
    ]
    shell = [reverse("offline"), *files]
    version = hashlib.sha256(repr((shell, WORDS)).encode()).hexdigest()[:12]
    context = {"shell": shell, "version": version}
    answer = render(
        request, "canvas/service_worker.js", context, content_type="text/javascript; charset=utf-8"
    )
    answer["Cache-Control"] = "no-cache"
    return answer


@vary_on_headers("Accept-Language")
def offline(request: HttpRequest) -> HttpResponse:
    """Show the page that the service worker keeps for when there is no network."""
    context = spoken(request.headers.get("Accept-Language", ""))._asdict()
    answer = render(request, "canvas/offline.html", context)
    answer["Cache-Control"] = "no-cache"
    return answer
