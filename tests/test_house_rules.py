"""What no reviewer has to watch: imports point down, names say what they hold, every room is wired."""

import subprocess
import sys
from pathlib import Path

import doublerandom
from doublerandom.app import ROOMS, TEXT_ROOMS

PACKAGE = Path(doublerandom.__file__).parent
REPOSITORY = PACKAGE.parent
LINT = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"


def test_imports_point_down():
    outcome = subprocess.run(
        [sys.executable, "-c", LINT], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_no_module_is_a_drawer_for_anything():
    drawers = {"utils", "helpers", "common", "misc"}

    assert [str(path) for path in PACKAGE.rglob("*") if path.stem in drawers] == []


def test_every_module_opens_with_what_it_is_for():
    silent = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        if path.read_text(encoding="utf-8").strip()
        and not path.read_text(encoding="utf-8").lstrip().startswith(('"""', "#!"))
    ]

    assert [path for path in silent if not path.startswith("migrations/versions")] == []


def test_tests_are_no_packages():
    assert list((REPOSITORY / "tests").rglob("__init__.py")) == []


def test_every_room_with_pages_is_wired():
    pages = [*PACKAGE.glob("*/views.py"), *(path.parent for path in PACKAGE.glob("*/views/__init__.py"))]

    assert {path.parent.name for path in pages} <= set(ROOMS)


def test_every_room_with_sentences_of_errors_is_heard():
    texts = [
        *PACKAGE.glob("*/error_texts.py"),
        *(path.parent for path in PACKAGE.glob("*/error_texts/__init__.py")),
    ]

    assert {path.parent.name for path in texts} <= set(TEXT_ROOMS)
