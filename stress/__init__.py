"""Real pods, PostgreSQL and Redis under load while something fails, and a checker of the result."""
