"""The URLs for people who do not moderate."""

from django.urls import path

from moderation import api

urlpatterns = [
    path("api/report", api.ReportView.as_view(), name="report"),
    path(
        "api/blueprints/<slug:key>/report",
        api.BlueprintReportView.as_view(),
        name="blueprint-report",
    ),
]
