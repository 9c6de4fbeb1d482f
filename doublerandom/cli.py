"""The command line: `doublerandom …`. Commands load their rooms only when called."""

import importlib
from typing import ClassVar

import click


class LazyGroup(click.Group):
    """A group whose commands are imported on first use: the web imports alone take seconds."""

    lazy: ClassVar[dict[str, tuple[str, str]]] = {
        "accounts": ("doublerandom.accounts.cli:accounts", "Bodies, people and signing keys."),
        "db": ("doublerandom.cli_house:db", "Bring the database up to date."),
        "serve": ("doublerandom.cli_house:serve", "Serve the site."),
        "jobs": ("doublerandom.jobs:jobs", "Do what is due: draw, fail, reveal."),
        "demo": ("doublerandom.demo.cli:demo", "Make a demonstration city, or resume it."),
        "log": ("doublerandom.cli_log:log", "Audit the public log; witness others."),
        "ledger": ("doublerandom.ledger.cli:ledger", "The audit trail and the public log."),
        "registry": ("doublerandom.registry.cli:registry", "The list and the two pools."),
        "dr1": ("doublerandom.cli_dr1:dr1", "The draw protocol, without a database."),
        "verify": ("doublerandom.cli_dr1:verify", "Verify a bundle: all checks."),
    }

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Names, for the help page."""
        return sorted(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        """Import the command's module and give the command."""
        if cmd_name not in self.lazy:
            return None
        module, _, attribute = self.lazy[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - click's signature
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.lazy[name][1]) for name in sorted(self.lazy)])


@click.group(cls=LazyGroup)
@click.version_option(package_name="doublerandom")
def main() -> None:
    """双随机、一公开: draws that anyone can verify."""
