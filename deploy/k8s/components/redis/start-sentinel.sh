#!/bin/sh
# The Sentinel beside one Redis. What it learns it keeps in its file, over restarts too.
set -eu
. "${0%/*}/common.sh"
: "${PORT:=26379}"

umask 077
password=$(cat "$SECRETS/sentinel-password")
# A host has to resolve when it is named here, and the first Redis may take a moment to.
until getent hosts "${FIRST% *}" >/dev/null; do sleep 1; done
[ -s "$DATA/sentinel.conf" ] || cat >"$DATA/sentinel.conf" <<CONF
$(tls "$PORT")
dir $DATA
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel announce-ip $NAME
sentinel announce-port $PORT
sentinel monitor canvas $FIRST 2
sentinel auth-user canvas sentinel
sentinel auth-pass canvas $password
sentinel down-after-milliseconds canvas 1500
sentinel failover-timeout canvas 6000
sentinel parallel-syncs canvas 1
CONF
# An older file may have other users and passwords.
sed -i -E -e '/^(user|aclfile|requirepass|sentinel sentinel-(user|pass)) /d' \
    -e "s/^(sentinel auth-pass canvas) .*/\1 $password/" "$DATA/sentinel.conf"
cat >>"$DATA/sentinel.conf" <<CONF
aclfile $SECRETS/sentinel-users.acl
sentinel sentinel-user sentinel
sentinel sentinel-pass $password
CONF
end_when_renewed
exec redis-server "$DATA/sentinel.conf" --sentinel
