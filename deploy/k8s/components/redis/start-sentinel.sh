#!/bin/sh
# The Sentinel beside one Redis. What it learns it keeps in its file, over restarts too.
set -eu
: "${NAME:?}" "${DATA:=/data}" "${SECRETS:=/run/secrets/redis}" "${TLS:=/run/secrets/tls}"
: "${PORT:=26379}" "${FIRST:=redis-0.redis 6379}"

umask 077
password=$(cat "$SECRETS/sentinel-password")
# A host has to resolve when it is named here, and the first Redis may take a moment to.
until getent hosts "${FIRST% *}" >/dev/null; do sleep 1; done
[ -s "$DATA/sentinel.conf" ] || cat >"$DATA/sentinel.conf" <<CONF
port 0
tls-port $PORT
tls-cert-file $TLS/tls.crt
tls-key-file $TLS/tls.key
tls-ca-cert-file $TLS/ca.crt
tls-auth-clients no
tls-replication yes
dir $DATA
requirepass $password
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel announce-ip $NAME
sentinel announce-port $PORT
sentinel monitor canvas $FIRST 2
sentinel auth-user canvas sentinel
sentinel auth-pass canvas $password
sentinel sentinel-pass $password
sentinel down-after-milliseconds canvas 1500
sentinel failover-timeout canvas 6000
sentinel parallel-syncs canvas 1
CONF
exec redis-server "$DATA/sentinel.conf" --sentinel
