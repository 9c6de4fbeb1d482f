"""The demonstration for tests: made once in a test run by the real command's code, and copied."""

import fcntl
import os
import shutil
from pathlib import Path

import pytest

from doublerandom.config import Settings
from doublerandom.demo.cli import make

ORIGIN = "demo.doublerandom.invalid/log"


def demo_settings(data_dir: Path) -> Settings:
    """Settings of a demonstration under that folder."""
    return Settings(
        demo=True, data_dir=data_dir, log_origin=ORIGIN, drand_relays="", testing=True, _env_file=None
    )


def made_once(factory: pytest.TempPathFactory) -> Path:
    """The folder of the demonstration that all workers of this run share; only copies may be changed."""
    base = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent
    done = base / "demonstration"
    with (base / "demonstration.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            work = base / "demonstration.work"
            shutil.rmtree(work, ignore_errors=True)
            make(demo_settings(work))
            work.rename(done)
    return done


def copied(original: Path, folder: Path) -> Settings:
    """A demonstration of one's own: a copy of `original` as `folder`."""
    shutil.copytree(original, folder)
    return demo_settings(folder)
