"""Real servers for the tests: PostgreSQL, Redis and pods of our own."""
