#!/bin/sh
# Passwords that nobody chose, once: they outlive the containers.
set -eu
umask 022 # each service runs as a user of its own; only they see this volume
cd "${1:-/secrets}"
random() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }
for name in secret-key postgres-password pod-password redis-password; do
    [ -s "$name" ] || random >"$name"
done
printf 'postgres://pixelsite_pod:%s@postgres/pixelsite' "$(cat pod-password)" >database-url
printf 'postgres://pixelsite:%s@postgres/pixelsite' "$(cat postgres-password)" >owner-url
printf "CREATE ROLE pixelsite_pod LOGIN PASSWORD '%s';\n" "$(cat pod-password)" >roles.sql
