"""Static files under ASGI: read piece by piece in a thread, so a large one neither blocks nor fills the memory."""

from collections.abc import AsyncIterator
from typing import BinaryIO

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware

PIECE_BYTES = 64 * 1024


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """WhiteNoise; its answers are file objects, which Django can only pass on whole when it serves asynchronously."""

    @staticmethod
    def serve(static_file, request: HttpRequest) -> HttpResponse:
        """The file in the way the server in use can send it."""
        if not isinstance(request, ASGIRequest):
            return WhiteNoiseMiddleware.serve(static_file, request)
        found = static_file.get_response(request.method, request.META)
        status, headers = int(found.status), dict(found.headers)
        if found.file is None:
            return _with(HttpResponse(status=status), headers)
        answer = StreamingHttpResponse(pieces(found.file), status=status)
        return _with(answer, headers)


async def pieces(file: BinaryIO) -> AsyncIterator[bytes]:
    """The file's content; it is closed at the end, also when the visitor goes away in the middle."""
    read = sync_to_async(file.read, thread_sensitive=False)
    try:
        while part := await read(PIECE_BYTES):
            yield part
    finally:
        file.close()


def _with(answer: HttpResponse, headers: dict[str, str]) -> HttpResponse:
    del answer["Content-Type"]  # only what WhiteNoise says
    for name, value in headers.items():
        answer[name] = value
    return answer
