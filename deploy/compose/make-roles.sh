#!/bin/sh
# The role of the pods, which owns no table; `migrate` grants it what they need.
set -eu
psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" --file /secrets/roles.sql
