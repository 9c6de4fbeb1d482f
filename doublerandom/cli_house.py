"""Commands of the ground floor: the database and the server."""

import click

from doublerandom.config import Settings


@click.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def upgrade_command() -> None:
    """Create or upgrade the tables to the newest migration."""
    from doublerandom import migrations
    from doublerandom.db import make_engine

    settings = Settings()
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = make_engine(settings.resolved_database_url)
    migrations.upgrade(engine)
    click.echo(f"{engine.url.render_as_string()}: {migrations.HEAD}")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", envvar="PORT", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True)
@click.option("--threads", default=8, show_default=True)
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Serve the site with gunicorn."""
    from doublerandom.server import run

    run(Settings(), bind=f"{host}:{port}", workers=workers, threads=threads)
