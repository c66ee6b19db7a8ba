"""django-eventstream with its storage: a server that resumes exactly. Argument: the port, the folder of
its database. Publishes the time each 100 ms."""
import sys
import threading
import time
from pathlib import Path

import django
import uvicorn
from django.conf import settings

port, folder = int(sys.argv[1]), Path(sys.argv[2])
settings.configure(
    DEBUG=False,
    SECRET_KEY="only for this test",
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=__name__,
    ASGI_APPLICATION=None,
    INSTALLED_APPS=["django_eventstream"],
    DATABASES={
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": folder / "events.sqlite3",
                    "OPTIONS": {"timeout": 20}}
    },
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    EVENTSTREAM_STORAGE_CLASS="django_eventstream.storage.DjangoModelStorage",
)
django.setup()

from django.core.asgi import get_asgi_application
from django.core.management import call_command
from django.urls import include, path

import django_eventstream
from django_eventstream import send_event

urlpatterns = [path("events/", include(django_eventstream.urls), {"channels": ["numbers"]})]
application = get_asgi_application()
call_command("migrate", verbosity=0)


def publish():
    """The storage numbers the events, over all lives of this program."""
    while True:
        send_event("numbers", "message", {"time": time.time()})
        time.sleep(0.1)


threading.Thread(target=publish, daemon=True).start()
uvicorn.run(application, host="127.0.0.1", port=port, log_level="warning")
