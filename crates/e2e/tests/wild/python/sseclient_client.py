"""sseclient, which reconnects by itself. Argument: the URL. Prints each event as a line of JSON."""
import json
import sys

from sseclient import SSEClient

for event in SSEClient(sys.argv[1]):
    print(json.dumps({"type": event.event, "data": event.data, "id": event.id}), flush=True)
