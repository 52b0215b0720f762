"""Django's backend for PostgreSQL with bounds: a pool for each lane, a deadline for each answer."""
