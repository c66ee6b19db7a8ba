#!/usr/bin/env bash
# Software: Apache httpd 2.4.71 (Debian 12), mpm_event and mod_proxy_http, no setting changed
# A good guess: `apachectl graceful` (what logrotate, certbot and `systemctl reload` do) lets open
#   streams go on in their old process; each reload costs at most one old process, and 150 requests
#   at a time (MaxRequestWorkers) are far away.
# What happens: each old process keeps a slot of the scoreboard, and there are 16 (ServerLimit). As
#   soon as streams opened before 16 different reloads are still open, Apache accepts no connection
#   at all, with some 16 streams in use out of 150. It accepts again when a stream ends. The error
#   log says "scoreboard is full, not at MaxRequestWorkers"; nothing says that streams are why.
# Why it matters: keep-alive comments keep streams open for days. With a reload a night and one
#   patient reader a day the server goes dark after about two weeks, and after a restart all is well.
# Seen 2026-11-30: reloads 1 to 15 answered, the 16th and 17th not; after the streams' end, answered.
set -eu
. "$(dirname "$0")/lib.sh"

debian apache2 apache2
upstream=$(free_port)
front=$(free_port)

numbers "$upstream" 1

modules=$(dirname "$(find /usr/lib/apache2 /usr/lib64/httpd -name mod_mpm_event.so 2>/dev/null | head -n 1)")
cat >apache.conf <<CONF
ServerRoot $here
ServerName localhost
PidFile $here/apache.pid
ErrorLog $here/apache-error.log
Listen 127.0.0.1:$front
User www-data
Group www-data
LoadModule mpm_event_module $modules/mod_mpm_event.so
LoadModule authz_core_module $modules/mod_authz_core.so
LoadModule proxy_module $modules/mod_proxy.so
LoadModule proxy_http_module $modules/mod_proxy_http.so
ProxyPass / http://127.0.0.1:$upstream/
CONF
start apache apache2 -f "$here/apache.conf" -D FOREGROUND
wait_for_port "$front"

# Whether a new reader gets its first event within 3 s: curl's code for its own time limit is 28.
is_answered() {
    curl -sN -m 3 "http://127.0.0.1:$front/new" >answer.txt 2>/dev/null || true
    grep -q '^data: 1$' answer.txt
}

answered=0
readers=""
for reload in $(seq 1 17); do
    start "reader$reload" curl -sN -m 100 "http://127.0.0.1:$front/reader"
    readers="$readers $last"
    sleep 0.4
    kill -USR1 "$(cat apache.pid)"
    sleep 1.2
    [ "$reload" -ge 13 ] || continue
    if is_answered; then answered=$reload; fi
done
streams=0
for id in $readers; do
    if kill -0 "$id" 2>/dev/null; then streams=$((streams + 1)); fi
done
is_answered && at_last=yes || at_last=no
echo "after 17 graceful restarts, a stream opened before each: answered? $at_last (last time after restart $answered); $streams streams open"
grep -o 'AH03490: [^.]*' apache-error.log | sort | uniq -c | head -n 1

for id in $readers; do stop "$id"; done
sleep 3
is_answered && afterwards=yes || afterwards=no
echo "after the end of the streams: answered? $afterwards"

[ "$at_last" = no ] && [ "$afterwards" = yes ] ||
    changed "open streams from before 17 graceful restarts no longer keep Apache from answering"
recorded "about 16 open streams out of 150 keep Apache from accepting any connection"
