"""The page that verifies: it says what the other verifiers say, accepts nothing forged and sends nothing."""

import base64
import importlib.util
import io
import json
import re
import sys
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from dr1 import bundles, mutations
from dr1.bundles import VARIANTS
from dr1.known_answers import vectors
from visits import CLOSED, COMMITTED, REVEALED

from doublerandom.dr1.verification import verify_bundle

pytestmark = pytest.mark.browser

BATCH = 100
RUN = """async (batch) => {
  const { verifyArchive } = await import("/static/verifier/verify.js");
  const found = [];
  for (const { data, now, witnesses } of batch) {
    const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const { checks } = await verifyArchive(bytes, { now, witnesses });
    found.push(checks.map(({ state }) => state));
  }
  return found;
}"""


@pytest.fixture(scope="module")
def standalone():
    """The program that every bundle carries, as a module."""
    spec = importlib.util.spec_from_file_location("verify_py_beside_the_page", bundles.VERIFY_PY)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture
def page(open_page, site):
    """The page of the verifier, ready."""
    page = open_page()
    page.goto(site / "/verify?lang=zh")
    page.wait_for_selector("#verifier[data-ready]")
    return page


def seconds(now: str) -> float:
    return datetime.fromisoformat(now).timestamp()


def in_the_page(page, asked):
    """The states of all checks of each archive, in the browser."""
    found = []
    for start in range(0, len(asked), BATCH):
        batch = [
            {
                "data": base64.b64encode(data).decode(),
                "now": seconds(now),
                "witnesses": [mutations.WITNESS],
            }
            for data, now in asked[start : start + BATCH]
        ]
        found += page.evaluate(RUN, batch)
    return found


def in_python(standalone, path, data, now):
    """The states of all checks by the package and by verify.py."""
    path.write_bytes(data)
    ours = verify_bundle(path, datetime.fromisoformat(now), witnesses=(mutations.WITNESS,))
    theirs = standalone.verify(path, now=now, witnesses=[mutations.WITNESS])
    return [str(check.status) for check in ours.checks], [check.state for check in theirs]


def test_none_of_the_three_verifiers_accepts_one_of_five_hundred_mutations(page, standalone, tmp_path):
    made = mutations.mutations()

    browser = in_the_page(page, [(each.archive, each.now) for each in made])

    accepted = []
    for each, states in zip(made, browser, strict=True):
        package, program = in_python(standalone, tmp_path / "bundle.zip", each.archive, each.now)
        verdicts = {"page": states, "package": package, "verify.py": program}
        accepted += [(each.name, who) for who, told in verdicts.items() if "failed" not in told]
    assert accepted == []
    assert len({each.archive for each in made}) == 500


def test_the_three_agree_on_every_check_of_every_good_bundle(page, standalone, tmp_path):
    asked = {
        f"{name} {now}": (mutations.archive(bundle.files), now)
        for name, (bundle, now) in mutations.goods().items()
    }
    for each in VARIANTS:
        asked[f"{each.variant} {each.now}"] = (
            mutations.archive(mutations.good(each.variant).files),
            each.now,
        )

    browser = in_the_page(page, list(asked.values()))

    for (name, (data, now)), states in zip(asked.items(), browser, strict=True):
        package, program = in_python(standalone, tmp_path / "bundle.zip", data, now)
        assert states == package == program, name
        if now != bundles.LATE or name.split()[0] not in ("drawn", "committed"):
            assert "failed" not in states, name


def test_the_page_computes_the_known_answers(page):
    example, deal, trees, drand = (
        vectors(name) for name in ("dr1_worked_example", "dr1_deal", "rfc6962_merkle", "drand")
    )

    found = page.evaluate(
        (Path(__file__).parent / "known_answers.js").read_text(encoding="utf-8"),
        {"example": example, "deal": deal, "trees": trees, "drand": drand},
    )

    assert found["hash"] == example["plan_hash"]
    assert found["seeds"] == [example["seed_subject"], example["seed_inspector"]]
    assert found["beacon"] == example["beacon"]
    assert found["beacons"] == [each["text"] for each in example["other_beacon_texts"]]
    assert found["deal"]["teams"] == list(deal["teams"].values())
    assert found["deal"]["empty"] == deal["empty_seats"]
    assert found["deal"]["loads"] == list(deal["load_after"].values())
    repair = example["repair"]
    assert found["repair"]["teams"] == [repair["teams"][each] for each in repair["subjects_in_order"]]
    assert found["without"]["empty"] == repair["without_D_empty_seats"]
    assert found["roots"] == list(trees["roots_by_size"].values())
    assert found["empty"] == trees["empty_root"]
    assert all(found["inclusion"])
    assert all(found["consistency"])
    assert found["rounds"] == [[True, False]] * len(found["rounds"])
    assert not any(found["rejected"])


def dropped(page, name, data):
    """The bundle chosen on the page; gives the numbers of the checks by state."""
    page.set_input_files("#bundle", {"name": name, "mimeType": "application/zip", "buffer": data})
    page.wait_for_function("name => document.querySelector('#bundle').files[0].name === name", arg=name)
    page.wait_for_selector("[data-answer]:not([hidden])")
    page.wait_for_selector("[data-progress]", state="hidden")
    rows = page.locator("[data-check]").all()
    return {row.get_attribute("data-check"): row.get_attribute("data-state") for row in rows}


def test_a_bundle_dropped_while_offline_gets_its_verdicts_in_words(page):
    page.context.set_offline(True)
    good = mutations.archive(mutations.good("rehearsal_dice").files)

    states = dropped(page, "good.zip", good)

    assert page.inner_text("[data-summary]") == "全部通过"
    assert page.evaluate("document.activeElement.id") == "answer"
    assert [number for number, state in states.items() if state == "not_applicable"] == ["3", "4", "13"]
    assert page.get_attribute("#verifier", "data-ready") == "worker"

    tampered = mutations.good("rehearsal_dice").edited(
        "result.json", lambda result: {**result, "drawn": result["drawn"][::-1]}
    )
    page.evaluate("document.querySelector('[data-answer]').hidden = true")
    states = dropped(page, "bad.zip", mutations.archive(tampered.files))

    assert [number for number, state in states.items() if state == "failed"] == ["9"]
    ninth = page.locator("[data-check='9']")
    assert "公布的名单不是票号给出的名单。" in ninth.inner_text()
    assert "公布值" in ninth.inner_text()
    assert "算得值" in ninth.inner_text()
    assert "不通过" in ninth.inner_text()
    page.context.set_offline(False)
    assert Axe().run(page).response["violations"] == []
    assert page.complaints == []
    assert page.strangers == []


@pytest.mark.parametrize("width", [1280, 390])
def test_a_draw_of_the_site_is_fetched_and_verified(open_page, site, width):
    page = open_page(width)
    for last in (REVEALED, CLOSED, COMMITTED):
        page.goto(site / f"/draws/{site.draw(last)}")
        page.get_by_role("link", name="在本页核验").click()
        page.wait_for_selector("#verifier[data-exit]")
        assert page.get_attribute("#verifier", "data-exit") == "2", page.inner_text("[data-counts]")
        assert site.draw(last) in page.inner_text("[data-draw]")
        assert page.evaluate("document.documentElement.scrollWidth") == width

    assert page.complaints == []


def test_a_checkpoint_of_one_s_own_settles_whether_the_log_only_grew(page, site):
    number = site.draw(REVEALED)
    with zipfile.ZipFile(io.BytesIO(site.fetch(f"/draws/{number}/bundle.zip"))) as archive:
        log = json.loads(archive.read("log.json"))
    own = log["checkpoint"] if isinstance(log["checkpoint"], str) else "\n".join(log["checkpoint"]) + "\n"
    page.goto(site / f"/verify?draw={number}")
    page.wait_for_selector("#verifier[data-exit]")

    page.get_by_text("自己带来的证据").click()
    page.fill("#own-checkpoint", own)
    page.click("[data-again]")
    page.locator("[data-check='3']").get_by_text("与您的检查点相容").wait_for()
    page.fill("#own-checkpoint", re.sub(r"(?m)^[0-9]+$", "1", own, count=1))
    page.click("[data-again]")
    page.wait_for_selector("[data-check='3'][data-state=failed]")

    assert page.get_attribute("#verifier", "data-exit") == "1"
