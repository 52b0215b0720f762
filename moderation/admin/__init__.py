"""Canvases, the audit trail, bans and reports in Django admin."""

from moderation.admin import bans, canvases, operations, reports

__all__ = ["bans", "canvases", "operations", "reports"]  # each registers its model
