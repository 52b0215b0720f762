# What a Redis and its Sentinel have in common; each start script reads it.
: "${NAME:?}" "${DATA:=/data}" "${SECRETS:=/run/secrets/redis}" "${TLS:=/run/secrets/tls}"
: "${FIRST:=redis-0.redis 6379}" "${LOOK:=60}"

tls() { # port
    cat <<CONF
port 0
tls-port $1
tls-cert-file $TLS/tls.crt
tls-key-file $TLS/tls.key
tls-ca-cert-file $TLS/ca.crt
tls-auth-clients no
tls-replication yes
CONF
}

# Neither reads a renewed certificate while it runs, so it ends and the kubelet starts it again: one
# pod after the other, a quarter of an hour apart, since all of them see the new one at once.
end_when_renewed() {
    began=$(cat "$TLS/tls.crt")
    turn=${POD:-redis-0}
    (
        while sleep "$LOOK" && [ "$(cat "/proc/$$/comm")" = redis-server ]; do
            [ "$(cat "$TLS/tls.crt")" = "$began" ] && continue
            sleep $((${turn##*-} * LOOK * 15))
            kill $$
        done 2>/dev/null
    ) &
}
