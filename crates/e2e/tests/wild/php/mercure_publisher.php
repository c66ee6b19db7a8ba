<?php
// Publishes with Symfony's component, as an application does. In: the hub's URL, a token. Out: a line of JSON with
// the id of each event; or what went wrong.

require_once 'Symfony/Component/Mercure/autoload.php';

use Symfony\Component\Mercure\Hub;
use Symfony\Component\Mercure\Jwt\StaticTokenProvider;
use Symfony\Component\Mercure\Update;

[, $url, $token] = $argv;
$hub = new Hub($url, new StaticTokenProvider($token));
$updates = [
    new Update('https://shop.example/books/1', json_encode(['stock' => 3])),
    new Update(['https://shop.example/books/2', 'https://shop.example/books'], "two\nlines", true),
    new Update('https://shop.example/books/3', 'named', false, 'order-7', 'notice', 2000),
];
foreach ($updates as $update) {
    echo json_encode(['id' => $hub->publish($update)]), "\n";
}
