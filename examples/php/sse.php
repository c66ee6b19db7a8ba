<?php
// An event stream from PHP: a "ping" each second, and now and then a plain message.
//
//     php -S 127.0.0.1:8088 -t examples/php
//     wellspring tail http://127.0.0.1:8088/sse.php
//
// PHP's own server has one worker and so serves one client at a time; PHP_CLI_SERVER_WORKERS=8 gives
// it eight.

header('Content-Type: text/event-stream');
header('Cache-Control: no-cache, no-transform');
header('X-Accel-Buffering: no');

// Nothing may hold back what has been echoed, and a stream has no time limit.
while (ob_get_level() > 0) {
    ob_end_flush();
}
set_time_limit(0);
// A write to a client that has gone ends the script by itself; the loop asks all the same.
ignore_user_abort(false);

$until_message = random_int(1, 5);
while (!connection_aborted()) {
    $now = date(DATE_ATOM);
    echo "event: ping\n";
    echo 'data: ', json_encode(['time' => $now]), "\n\n";

    $until_message -= 1;
    if ($until_message === 0) {
        echo "data: This is a message at time $now\n\n";
        $until_message = random_int(1, 5);
    }

    flush();
    sleep(1);
}
