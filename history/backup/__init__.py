"""Backups of canvases in a folder, and their restoring."""
