"""The documentation taken apart: blocks of shell with the output shown after each, links, tables."""

import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
EXAMPLE = DOCS / "example"
BLOCK = re.compile(
    r"^```sh(?: needs=(?P<needs>[\w.-]+))?\n(?P<shell>.*?)^```\n"
    r"(?:\n```text\n(?P<output>.*?)^```\n)?",
    re.MULTILINE | re.DOTALL,
)
MARK = "@@@@ end of block @@@@"


class Block(NamedTuple):
    """A fenced block of shell, the line on which it stands, and the output shown after it."""

    line: int
    needs: str
    shell: str
    output: str


def blocks(text: str) -> list[Block]:
    """All blocks of shell in a document; `needs=openssl` names a program that not every machine has."""
    return [
        Block(
            text[: found.start()].count("\n") + 1, found["needs"] or "", found["shell"], found["output"] or ""
        )
        for found in BLOCK.finditer(text)
    ]


def runnable(block: Block) -> bool:
    return not block.needs or shutil.which(block.needs, path=search_path()) is not None


def search_path() -> str:
    """The commands installed beside this Python first, then the machine's."""
    return f"{Path(sys.executable).parent}:/usr/local/bin:/usr/bin:/bin"


def outputs(found: list[Block], folder: Path) -> list[str]:
    """What each block prints when they are run in order in one bash, as a reader would."""
    script = "".join(
        (block.shell if runnable(block) else "") + f"\nprintf '%s\\n' '{MARK}'\n" for block in found
    )
    done = subprocess.run(
        ["bash", "-eu", "-c", script],
        cwd=folder,
        env={"PATH": search_path(), "LC_ALL": "C.UTF-8", "TMPDIR": "/tmp"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    told = done.stdout.split(MARK + "\n")[:-1]
    assert len(told) == len(found), f"stopped in block {len(told)}: {done.stderr}"
    assert done.stderr == ""
    return told
