"""The history's own API."""

from django.urls import path

from history.http import keys

urlpatterns = [
    path("api/history/key", keys.PersonalKeyView.as_view(), name="history-key"),
]
