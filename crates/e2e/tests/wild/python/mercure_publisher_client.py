"""Publishes with mercure-publisher, which makes its own token. In: the hub's URL, a secret. Out: a line of JSON for
each event that was taken."""

import json
import sys

from mercure_publisher import MercureConfig, MercurePublisher

url, secret = sys.argv[1:]
config = MercureConfig(hub_url=url, publisher_jwt_key=secret, publish_topics=["https://shop.example/{+rest}"])
with MercurePublisher(config) as publisher:
    for name, update in [
        ("plain", {"topic": "https://shop.example/books/1", "data": {"stock": 3}}),
        ("private", {"topic": ["https://shop.example/books/2", "https://shop.example/books"], "data": "two\nlines",
                     "private": True}),
        ("named", {"topic": "https://shop.example/books/3", "data": "named", "id": "order-7", "type": "notice",
                   "retry": 2000}),
    ]:
        publisher.publish(**update)
        print(json.dumps({"published": name}), flush=True)
