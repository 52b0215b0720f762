"""Scenarios: one module for each question, with `run(rig, rounds)`, which returns a section."""
