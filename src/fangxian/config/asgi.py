"""One process, one port: scans go to the bare ingest handler, everything else to Django; long work runs beside them."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fangxian.config.settings")
django_application = get_asgi_application()

from fangxian.faces.cli.housekeeping import Worker  # noqa: E402  (needs Django's settings)
from fangxian.faces.ingest.app import app as ingest_application  # noqa: E402
from fangxian.faces.ingest.collector import settle  # noqa: E402


async def application(scope, receive, send):
    """Dispatch by path; Django's request path costs 20 times the ingest handler's."""
    if scope["type"] == "lifespan":
        await lifespan(receive, send)
    elif scope["type"] == "http" and scope["path"].startswith("/ingest/"):
        await ingest_application(scope, receive, send)
    else:
        await django_application(scope, receive, send)


async def lifespan(receive, send):
    """Start the thread for long work with the server and end it with the server, where `fangxian serve` asks for it."""
    worker = Worker() if os.environ.get("FANGXIAN_WORKER") else None
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            settle()
            if worker:
                worker.start()
        if message["type"] == "lifespan.shutdown" and worker:
            worker.stop()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
