#!/usr/bin/env bash
# Software: lighttpd 1.4.69 (Debian 12), mod_proxy, server.stream-response-body = 1
# A good guess: "graceful restart" (SIGUSR1, what `systemctl reload lighttpd` sends) takes new
#   requests at once and lets the open ones finish, or cuts them after a while.
# What happens: it answers no new connection until the last open one is over. An event stream is
#   not over, so the whole server is silent until server.graceful-shutdown-timeout has passed (8 s;
#   Debian's own configuration says 5); then the stream is cut and the server is back. Without a
#   stream it is back at once. With the feature flag server.graceful-restart-bg too, but that
#   flag does nothing, and says nothing, unless lighttpd was started by an absolute path.
# Why it matters: a server with one reader of a stream has an outage of seconds at each reload, and
#   all of its readers reconnect right after it.
# Seen 2026-11-30: silent for 0.0 s without a stream, 8.4 s with one, 0.0 s with restart-bg.
set -eu
. "$(dirname "$0")/lib.sh"

debian lighttpd lighttpd
upstream=$(free_port)

numbers "$upstream" 0.5
echo "a file" >file.txt

# Seconds from SIGUSR1 to the first answer, with so many streams open; $2: further configuration.
outage() {
    front=$(free_port)
    cat >front.conf <<CONF
server.document-root = "$here"
server.bind = "127.0.0.1"
server.port = $front
server.modules = ("mod_proxy")
server.stream-response-body = 1
$2
\$HTTP["url"] =~ "^/events" { proxy.server = ("" => (("host" => "127.0.0.1", "port" => $upstream))) }
CONF
    start front "$(command -v lighttpd)" -D -f front.conf
    lighttpd=$last
    wait_for_port "$front"
    if [ "$1" = 1 ]; then
        start reader curl -sN -m 40 "http://127.0.0.1:$front/events"
        sleep 2
        grep -q '^data: 2$' reader.log || changed "the stream did not flow before the restart"
    fi
    seconds=$(python3 - "$front" "$lighttpd" <<'PYTHON'
import http.client, os, signal, sys, time
os.kill(int(sys.argv[2]), signal.SIGUSR1)
began = time.monotonic()
time.sleep(0.3)
while time.monotonic() - began < 30:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=1)
        connection.request("GET", "/file.txt")
        connection.getresponse().read()
        break
    except OSError:
        time.sleep(0.1)
print(f"{time.monotonic() - began - 0.3:.1f}")
PYTHON
)
    stop "$lighttpd"
}

outage 0 ""
none=$seconds
outage 1 ""
one=$seconds
outage 1 'server.feature-flags = ("server.graceful-restart-bg" => "enable")'
background=$seconds
echo "silent after SIGUSR1: no stream open $none s; one stream $one s; one stream, restart-bg $background s"

python3 -c "import sys; sys.exit(not ($none < 3 and 5 < $one < 20))" ||
    changed "one open stream no longer delays new connections at a graceful restart"
recorded "one open stream keeps lighttpd from answering for $one s after a graceful restart"
