"""The commands, their arguments and their help. Each imports what it needs once Django is set up."""

from pathlib import Path
from typing import Annotated

import typer

from linktime.cli import installation
from linktime.cli.folder import DEFAULT

application = typer.Typer(
    help="LinkTime: scheduling whose bookings reach your CRM exactly once.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
account = typer.Typer(help="Accounts of this installation.", no_args_is_help=True)
keys = typer.Typer(help="The keys that grants are encrypted with.", no_args_is_help=True)
application.add_typer(account, name="account")
application.add_typer(keys, name="keys")

Port = Annotated[int, typer.Option(min=1, max=65535)]
Plan = typer.Option(help="free, pro or team; by default LINKTIME_DEFAULT_PLAN.")


@application.callback()
def options(*, debug: Annotated[bool, typer.Option("--debug", help="Show tracebacks.")] = False) -> None:
    """Take the options that every command has; `main` has read them already."""


@application.command()
def demo(
    *,
    data: Annotated[Path, typer.Option(help="Where everything is kept.")] = Path(DEFAULT),
    host: str = "127.0.0.1",
    port: Port = 8000,
    emulator_port: Port = 8100,
    fresh: Annotated[bool, typer.Option("--fresh", help="Throw away what an earlier demo left.")] = False,
) -> None:
    """Run everything on this machine, with a demo account and stand-in CRMs. Ctrl-C stops it."""
    from linktime.cli.demo import command

    command.run(command.Wishes(data=data, host=host, port=port, emulator_port=emulator_port, fresh=fresh))


@application.command()
def serve(
    *,
    host: str = "127.0.0.1",
    port: Port = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes.")] = 2,
    threads: Annotated[int, typer.Option(min=1, help="Requests at work in each process; more may wait.")] = 2,
) -> None:
    """Run the web server."""
    from linktime.cli import web

    with installation.ready(here=False):
        web.serve(host=host, port=port, workers=workers, threads=threads)


@application.command()
def work(*, threads: Annotated[int, typer.Option(help="Jobs at a time, over all queues.")] = 20) -> None:
    """Run a worker: CRM sync, mail, and what happens by the clock."""
    from django.core.management import call_command

    with installation.ready():
        call_command("work", threads=threads)


@application.command()
def migrate() -> None:
    """Bring the database up to date. Safe to run anywhere, any number of times."""
    from linktime.cli import schema

    with installation.ready():
        schema.migrate()


@application.command()
def check() -> None:
    """Check the configuration: what is missing or doubtful, and what to do."""
    from linktime.cli import checking

    installation.configure()
    raise typer.Exit(checking.report())


@application.command()
def doctor() -> None:
    """Show what is configured, what answers and what is behind. Exit code 1: something needs a person."""
    installation.configure()
    from linktime.cli.doctor import report

    raise typer.Exit(report.run())


@application.command()
def backup(file: Annotated[Path, typer.Argument(help="Where to write it; it must not exist.")]) -> None:
    """Write the whole database to one file, while everything runs. The keys are not in it."""
    keys = installation.keys_place()
    with installation.ready():
        from linktime.cli import backup as backups

        backups.make(file, keys=keys)


@application.command()
def restore(
    file: Annotated[Path | None, typer.Argument(help="A backup; left out: the database was put back already.")] = None,
    *,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before what is there is thrown away.")] = False,
) -> None:
    """Put a backup back, and have what was on its way to a CRM looked up there before it is made again."""
    keys = installation.keys_place()
    with installation.ready():
        from linktime.cli import backup as backups

        if file is None:
            backups.after(keys=keys)
        else:
            backups.put_back(file, keys=keys, ask=lambda question: yes or typer.confirm(question))


@application.command()
def emulate(
    *,
    host: str = "127.0.0.1",
    port: Port = 8100,
    mail: Annotated[Path | None, typer.Option(help="A folder of .eml files to show.")] = None,
    seed: Annotated[int | None, typer.Option(help="Makes the order of rows repeatable.")] = None,
    store: Annotated[Path | None, typer.Option(help="A file that keeps everything over a restart.")] = None,
) -> None:
    """Run the stand-in CRMs alone."""
    from linktime.cli import ports
    from linktime.emulators.server import run

    ports.require_free(host, port, "--port")
    run(host=host, port=port, mail=mail, seed=seed, store=store)


@account.command("create")
def account_create(
    email: str,
    *,
    name: Annotated[str, typer.Option(help="The owner's name.")] = "",
    handle: Annotated[str, typer.Option(help="The address of the booking pages; by default from the name.")] = "",
    plan: Annotated[str, Plan] = "",
    time_zone: str = "UTC",
    password: Annotated[str, typer.Option(help="By default one is made and shown.", envvar="LINKTIME_PASSWORD")] = "",
) -> None:
    """Make an account and its owner."""
    with installation.ready():
        from linktime.cli import accounts

        accounts.create(email=email, name=name, handle=handle, plan=plan, time_zone=time_zone, password=password)


@account.command("plan")
def account_plan(handle: str, plan: str) -> None:
    """Put an account on another plan: free, pro or team."""
    with installation.ready():
        from linktime.cli import accounts

        accounts.change_plan(handle, plan)


@account.command("list")
def account_list() -> None:
    """List all accounts."""
    with installation.ready():
        from linktime.cli import accounts

        accounts.show()


@account.command("erase-invitee")
def account_erase_invitee(
    handle: str, email: str, *, yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False
) -> None:
    """Forget an invitee in one account: name, address, phone, notes, answers. What the CRMs show stays there."""
    with installation.ready():
        from linktime.cli import accounts

        accounts.erase_invitee(handle, email, ask=lambda question: yes or typer.confirm(question))


@keys.command("create")
def keys_create(*, name: Annotated[str, typer.Option(help="The key's id; by default the date.")] = "") -> None:
    """Make a new encryption key. A local installation takes it into use; others print it for the environment."""
    from linktime.cli import encryption

    encryption.create(name)


@keys.command("rotate")
def keys_rotate() -> None:
    """Encrypt every grant anew under the newest key. Safe while everything runs, and to repeat."""
    with installation.ready():
        from linktime.cli import encryption

        raise typer.Exit(encryption.rotate())
