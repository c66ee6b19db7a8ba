#!/usr/bin/env bash
# Software: PHP 8.2.36 (its own server), with zlib.output_compression on
# A good guess: a page that calls flush() after each event reaches a browser compressed, or late, or not
#   compressed but in time; its head says which.
# What happens: flush() sends the head at once, without Content-Encoding. After that PHP neither compresses
#   nor sends: the events wait until the page ends, and then come as plain text. A reader that does not
#   ask for compression gets each event in time.
# Why it matters: curl and tests, which do not ask for gzip, see a good stream, and browsers, which do, see
#   an open one without events. The head gives no hint that compression has to do with it.
# Seen 2026-11-30: of ten events 200 ms apart, 0 bytes after 1.2 s with `Accept-Encoding: gzip` and 6 events
#   without; after the end of the page all ten, as plain text.
set -eu
. "$(dirname "$0")/lib.sh"

debian php-cli php
cat >events.php <<'PHP'
<?php
header('Content-Type: text/event-stream');
for ($number = 1; $number <= 10; $number++) {
    echo "data: $number\n\n";
    flush();
    usleep(200000);
}
PHP
port=$(free_port)
PHP_CLI_SERVER_WORKERS=4 start php php -n -S "127.0.0.1:$port" -d zlib.output_compression=1 events.php
wait_for_port "$port"

# Sets `early`, the bytes of the body after 1.2 s.
read_for_a_while() {
    curl -sN -m 1.2 "$@" -o early.body "http://127.0.0.1:$port/" || true
    early=$(wc -c <early.body 2>/dev/null || echo 0)
}

touch early.body
read_for_a_while
plain=$early
: >early.body
read_for_a_while -H 'Accept-Encoding: gzip'
asked=$early
curl -sN -D head -H 'Accept-Encoding: gzip' -o whole.body "http://127.0.0.1:$port/"
events=$(grep -ac '^data: ' whole.body || true)
coding=$(grep -ic '^content-encoding' head || true)
echo "after 1.2 s: $plain bytes without compression asked for, $asked with; at the end $events events as plain text"

[ "$plain" -gt 0 ] || changed "without Accept-Encoding nothing comes in time either"
[ "$asked" -eq 0 ] || changed "with Accept-Encoding: gzip something comes in time"
[ "$events" -eq 10 ] && [ "$coding" -eq 0 ] || changed "the whole is compressed after all, or not all of it"
recorded "flush() with zlib.output_compression neither compresses nor sends in time"
