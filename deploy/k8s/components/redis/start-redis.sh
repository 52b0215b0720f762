#!/bin/sh
# One Redis of three: a replica of whomever the Sentinels call the primary; the first one when
# nobody answers, which is how a cluster begins.
set -eu
. "${0%/*}/common.sh"
: "${PORT:=6379}" "${SENTINELS:=redis-0.redis:26379 redis-1.redis:26379 redis-2.redis:26379}"

ask() { # host:port of a Sentinel
    REDISCLI_AUTH=$(cat "$SECRETS/sentinel-password") timeout 2 redis-cli \
        --user sentinel -h "${1%:*}" -p "${1##*:}" --tls --cacert "$TLS/ca.crt" \
        sentinel get-master-addr-by-name canvas 2>/dev/null | tr '\n' ' '
}

primary=
for sentinel in $SENTINELS; do
    primary=$(ask "$sentinel" || true)
    case $primary in *[0-9]" ") break ;; *) primary= ;; esac
done
primary=${primary:-$FIRST}

umask 077
cat >"$DATA/redis.conf" <<CONF
$(tls "$PORT")
dir $DATA
aclfile $SECRETS/users.acl
masteruser replica
masterauth $(cat "$SECRETS/replica-password")
replica-announce-ip $NAME
replica-announce-port $PORT
appendonly yes
appendfsync everysec
save ""
maxmemory 192mb
maxmemory-policy noeviction
maxmemory-clients 96mb
client-output-buffer-limit pubsub 32mb 8mb 60
tcp-keepalive 30
CONF
[ "${primary% }" = "$NAME $PORT" ] || echo "replicaof $primary" >>"$DATA/redis.conf"
end_when_renewed
exec redis-server "$DATA/redis.conf"
