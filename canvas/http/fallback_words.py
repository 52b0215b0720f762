"""Words that the server itself says on the page, in the language that the browser asks for.

They are for when the page's own modules, which know all other words, do not come or cannot run.
"""

from typing import NamedTuple


class FirstWords(NamedTuple):
    """The words of the page offline, and of one that stays dead."""

    offline: str
    offline_why: str
    offline_again: str
    incomplete: str
    reload: str
    no_script: str


WORDS = {
    "en": FirstWords(
        "You are offline",
        "The canvas needs the network.",
        "Try again",
        "This page did not load completely. A content blocker, or the network, may have kept a part"
        " of it.",
        "Load it again",
        "This canvas needs JavaScript.",
    ),
    "de": FirstWords(
        "Du bist offline",
        "Die Leinwand braucht das Netz.",
        "Noch einmal versuchen",
        "Diese Seite wurde nicht ganz geladen. Vielleicht hat ein Inhaltsblocker oder das Netz"
        " einen Teil zurückgehalten.",
        "Neu laden",
        "Diese Leinwand braucht JavaScript.",
    ),
    "fr": FirstWords(
        "Tu es hors ligne",
        "La toile a besoin du réseau.",
        "Réessayer",
        "Cette page n’est pas entièrement chargée. Un bloqueur de contenu ou le réseau en a"
        " peut-être retenu une partie.",
        "La recharger",
        "Cette toile a besoin de JavaScript.",
    ),
    "es": FirstWords(
        "Estás sin conexión",
        "El lienzo necesita la red.",
        "Intentar de nuevo",
        "Esta página no se cargó por completo. Puede que un bloqueador de contenido o la red haya"
        " retenido una parte.",
        "Cargarla de nuevo",
        "Este lienzo necesita JavaScript.",
    ),
    "pt": FirstWords(
        "Você está sem conexão",
        "A tela precisa da rede.",
        "Tentar de novo",
        "Esta página não carregou por completo. Um bloqueador de conteúdo ou a rede pode ter retido"
        " uma parte.",
        "Carregar de novo",
        "Esta tela precisa de JavaScript.",
    ),
    "uk": FirstWords(
        "Немає мережі",
        "Полотну потрібна мережа.",
        "Спробувати ще раз",
        "Ця сторінка завантажилася не повністю. Можливо, її частину затримав блокувальник вмісту"
        " або мережа.",
        "Завантажити ще раз",
        "Цьому полотну потрібен JavaScript.",
    ),
    "ja": FirstWords(
        "オフラインです",
        "キャンバスにはネットワークが必要です。",
        "もう一度試す",
        "ページの一部を読み込めませんでした。コンテンツブロッカーかネットワークが止めた可能性があります。",
        "もう一度読み込む",
        "このキャンバスには JavaScript が必要です。",
    ),
    "ar": FirstWords(
        "أنت غير متصل",
        "تحتاج اللوحة إلى الشبكة.",
        "حاول مرة أخرى",
        "لم تُحمَّل هذه الصفحة بالكامل. ربما حجب مانع محتوى أو الشبكة جزءًا منها.",
        "تحميلها من جديد",
        "تحتاج هذه اللوحة إلى JavaScript.",
    ),
}
RIGHT_TO_LEFT = {"ar"}


class Spoken(NamedTuple):
    """A language by its code, the direction of its script, and its words."""

    language: str
    direction: str
    words: FirstWords


def spoken(accepted: str) -> Spoken:
    """Return the first language of an Accept-Language header that the page speaks, else English."""
    language = language_of(accepted)
    return Spoken(language, "rtl" if language in RIGHT_TO_LEFT else "ltr", WORDS[language])


def language_of(accepted: str) -> str:
    for part in accepted[:200].split(","):
        code = part.split(";")[0].strip().lower().split("-")[0]
        if code in WORDS:
            return code
    return "en"
