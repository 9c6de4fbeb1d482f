"""Plain values from one of our processes to another: each frame with its length before it."""

import io
import marshal
from collections.abc import Iterator
from typing import Any, Final

_PLAIN: Final = 2


class Sender:
    """Writes frames to standard output."""

    def __init__(self) -> None:
        self._out = io.BufferedWriter(io.FileIO(1, "wb", closefd=False), 1 << 20)

    def send(self, frame: dict[str, Any]) -> None:
        """One frame."""
        data = marshal.dumps(frame, _PLAIN)
        self._out.write(len(data).to_bytes(8, "little"))
        self._out.write(data)

    def flush(self) -> None:
        """What is still here goes out."""
        self._out.flush()


def frames(stream: Any) -> Iterator[dict[str, Any]]:
    """The frames that a process of ours wrote; a last one that is not whole is left out."""
    while len(size := stream.read(8)) == 8:
        data = stream.read(length := int.from_bytes(size, "little"))
        if len(data) < length:
            return
        yield marshal.loads(data)  # noqa: S302 - written by our own process
