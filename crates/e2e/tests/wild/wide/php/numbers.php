<?php
// Numbered events, one each 100 ms, from the one after Last-Event-ID on; at /idle one event and then silence.
header('Content-Type: text/event-stream');
header('Cache-Control: no-cache');
while (ob_get_level() > 0) {
    ob_end_flush();
}
set_time_limit(0);
$idle = str_starts_with($_SERVER['REQUEST_URI'], '/idle');
for ($number = (int) ($_SERVER['HTTP_LAST_EVENT_ID'] ?? 0) + 1; !connection_aborted(); $number++) {
    echo "id: $number\ndata: $number\n\n";
    flush();
    usleep($idle ? 3_600_000_000 : 100_000);
}
