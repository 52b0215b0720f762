"""The parts that make the site an app: manifest, service worker, and the page for being offline."""

import hashlib
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.vary import vary_on_headers

NAME = "pixelsite"
COLOR = "#0e1014"
ICONS = [  # file, size, purpose
    ("192.png", "192x192", "any"),
    ("512.png", "512x512", "any"),
    ("maskable-512.png", "512x512", "maskable"),
]


class Words(NamedTuple):
    """The words of the page that is shown offline."""

    title: str
    text: str
    again: str


OFFLINE = {
    "en": Words("You are offline", "The canvas needs the network.", "Try again"),
    "de": Words("Du bist offline", "Die Leinwand braucht das Netz.", "Noch einmal versuchen"),
    "fr": Words("Tu es hors ligne", "La toile a besoin du réseau.", "Réessayer"),
    "es": Words("Estás sin conexión", "El lienzo necesita la red.", "Intentar de nuevo"),
    "pt": Words("Você está sem conexão", "A tela precisa da rede.", "Tentar de novo"),
    "uk": Words("Немає мережі", "Полотну потрібна мережа.", "Спробувати ще раз"),
    "ja": Words("オフラインです", "キャンバスにはネットワークが必要です。", "もう一度試す"),
    "ar": Words("أنت غير متصل", "تحتاج اللوحة إلى الشبكة.", "حاول مرة أخرى"),
}
RIGHT_TO_LEFT = {"ar"}


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
    version = hashlib.sha256(repr((shell, OFFLINE)).encode()).hexdigest()[:12]
    context = {"shell": shell, "version": version}
    answer = render(
        request, "canvas/service_worker.js", context, content_type="text/javascript; charset=utf-8"
    )
    answer["Cache-Control"] = "no-cache"
    return answer


@vary_on_headers("Accept-Language")
def offline(request: HttpRequest) -> HttpResponse:
    """Show the page that the service worker keeps for when there is no network."""
    language = language_of(request.headers.get("Accept-Language", ""))
    direction = "rtl" if language in RIGHT_TO_LEFT else "ltr"
    context = {"language": language, "direction": direction, "words": OFFLINE[language]}
    answer = render(request, "canvas/offline.html", context)
    answer["Cache-Control"] = "no-cache"
    return answer


def language_of(accepted: str) -> str:
    """Return the first language of the header that the page speaks, else English."""
    for part in accepted[:200].split(","):
        code = part.split(";")[0].strip().lower().split("-")[0]
        if code in OFFLINE:
            return code
    return "en"
