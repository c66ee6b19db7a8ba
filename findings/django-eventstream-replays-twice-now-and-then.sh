#!/usr/bin/env bash
# Software: django-eventstream 5.3.4 with its storage in SQLite, Django 5.2.19, uvicorn 0.54.0
# A good guess: a reader that resumes with Last-Event-ID gets what it missed once and in order; it is
#   the one framework of its field that stores and replays by itself.
# What happens: while events are published, the replay, or the end of it, is now and then written
#   twice on the same connection, one copy right behind the other, ids and all. Nothing is lost.
# Why it matters: a reader that counts, appends or pays for each event does so twice, after a loss of
#   its connection, when nobody looks. A reader has to drop ids that it has had.
# Seen 2026-11-30: at 10 events a second 1 of 40 resumes, and 2 of 8 over a kill and a restart; at 50 a
#   second with eight readers at a time, among the first eight ("181 events of 152 ids"), 3 runs of 3.
set -eu
. "$(dirname "$0")/lib.sh"

python_packages django-eventstream==5.3.4 Django==5.2.19 uvicorn==0.54.0
cat >server.py <<'PYTHON'
import sys
import threading
import time

import django
import uvicorn
from django.conf import settings

settings.configure(
    SECRET_KEY="only here", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django_eventstream"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "events.sqlite3",
                           "OPTIONS": {"timeout": 20}}},
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    EVENTSTREAM_STORAGE_CLASS="django_eventstream.storage.DjangoModelStorage",
)
django.setup()

from django.core.asgi import get_asgi_application
from django.core.management import call_command
from django.urls import include, path

import django_eventstream

urlpatterns = [path("events/", include(django_eventstream.urls), {"channels": ["numbers"]})]
application = get_asgi_application()
call_command("migrate", verbosity=0)

def publish():
    while True:
        django_eventstream.send_event("numbers", "message", {"time": time.time()})
        time.sleep(0.02)

threading.Thread(target=publish, daemon=True).start()
uvicorn.run(application, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
PYTHON
port=$(free_port)
start server "$python" server.py "$port"
wait_for_port "$port"
sleep 3

# Up to 400 resumes, eight at a time, until one gets an id twice.
doubled=$(python3 - "$port" <<'PYTHON'
import concurrent.futures, http.client, re, sys, time

def resume(_):
    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=5)
    connection.request("GET", "/events/", headers={"Last-Event-ID": "numbers:5"})
    response = connection.getresponse()
    body, start = b"", time.time()
    while time.time() - start < 0.6:
        body += response.read1(65536)
    connection.close()
    ids = re.findall(rb"id: (numbers:\d+)", body)
    return len(ids), len(set(ids))

with concurrent.futures.ThreadPoolExecutor(8) as pool:
    for done in range(0, 400, 8):
        for got, different in pool.map(resume, range(8)):
            if got > different:
                print(f"{got} events of {different} ids, at about resume {done + 8}")
                sys.exit()
PYTHON
)
echo "doubled: ${doubled:-none of 400 resumes}"
if [ -z "$doubled" ]; then
    echo "CHANGED: no resume got an event twice" >&2
    exit 1
fi
