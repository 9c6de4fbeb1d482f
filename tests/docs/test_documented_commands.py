"""Every command shown in the documentation runs on the example's files and prints what is shown under it."""

import pytest
from docs.reading import DOCS, EXAMPLE, blocks, outputs, runnable
from dr1.bundles import build

DOCUMENTS = ("operators.md", "protocol.md", "verify.md")
NOT_KEPT = {"verify.py", "README.txt"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_command_prints_what_the_document_shows_under_it(name):
    found = blocks((DOCS / name).read_text(encoding="utf-8"))

    told = outputs(found, EXAMPLE)

    shown = [block.output if runnable(block) else "" for block in found]
    assert {f"{name}:{block.line}": text for block, text in zip(found, told, strict=True)} == {
        f"{name}:{block.line}": text for block, text in zip(found, shown, strict=True)
    }


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_block_of_shell_escapes_this_test(name):
    text = (DOCS / name).read_text(encoding="utf-8")

    assert len(blocks(text)) == text.count("```sh") > 0
    assert not {"```bash", "```shell"} & set(text.split())


def test_the_example_is_the_bundle_of_the_worked_example():
    made = {name: data for name, data in build("witnessed").files.items() if name not in NOT_KEPT}

    kept = {path.name: path.read_bytes() for path in EXAMPLE.iterdir()}

    assert kept == made, "renew it: dr1.bundles.build('witnessed').write(…), less verify.py and README.txt"


def test_the_commands_find_the_draw_that_the_example_shows():
    """The document's own shell gives the list and the root that the factory's plain Python gives."""
    text = (DOCS / "protocol.md").read_text(encoding="utf-8")
    bundle = build("witnessed")
    result = bundle.json("result.json")

    assert f"drawn:\n{' '.join(result['drawn'])}\n" in text
    assert f"\nresult_root {result['result_root']}\n" in text
    plan_entry = next(entry for entry in bundle.log.entries if entry.get("draw") == bundle.plan["draw"])
    assert f"\n{plan_entry['plan_hash']}\n" in text
