"""Hostile input and hostile clients, against a real pod on PostgreSQL and Redis."""

import pytest

pytest.register_assert_rewrite("tests.hostile.witness")
