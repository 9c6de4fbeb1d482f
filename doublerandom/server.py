"""The site under gunicorn, started from our own command line."""

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from doublerandom.app import create_app
from doublerandom.config import Settings


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn is untyped
    """Gunicorn with options given in code."""

    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self.settings, self.options = settings, options
        super().__init__()

    def load_config(self) -> None:
        """Hand our options to gunicorn."""
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The application, made in each worker."""
        return create_app(self.settings)


def run(settings: Settings, *, bind: str, workers: int = 1, threads: int = 8) -> None:
    """Serve until stopped."""
    options = {
        "bind": bind,
        "workers": workers,
        "threads": threads,
        "worker_class": "gthread",
        "timeout": 120,
        "accesslog": None,
    }
    Server(settings, options).run()
