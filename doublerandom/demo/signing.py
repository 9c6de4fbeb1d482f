"""The demonstration's draws before their commitment: one waits for a supervisor, one for a notary."""

import json
from datetime import timedelta

from doublerandom import clock
from doublerandom.accounts import services as accounts
from doublerandom.demo.city import CITY, COUNTY, PIN
from doublerandom.demo.draws import DICE, SHIMEN, parties
from doublerandom.demo.stage import Stage
from doublerandom.dr1.seeds import secret_commitment
from doublerandom.draws import deposits
from doublerandom.draws import services as draws

AHEAD = timedelta(days=3)
SCHOOLS = "005"
WITNESSES = (("p-head", CITY), ("p-overseer", "yc-gov"), ("p-notary", "yc-gzc"))


def wait_for_signatures(stage: Stage) -> None:
    """The county's next batch has one signature; the city's draw at level C awaits its third party."""
    now = clock.now()
    county = draws.prepare(
        stage.session,
        body=COUNTY,
        plan_line=stage.line(SHIMEN),
        due=now + AHEAD,
        randomness=[DICE],
        settings=stage.settings,
        batch=2,
        secrets_parties=parties(COUNTY),
        simulations=5,
        by="p-county-planner",
        at=now,
    )
    draws.sign(
        stage.session,
        county.number,
        role="operator",
        pin=PIN,
        settings=stage.settings,
        by="p-county-planner",
        at=now,
    )
    schools = draws.prepare(
        stage.session,
        body=CITY,
        plan_line=stage.line(SCHOOLS),
        due=now + AHEAD,
        randomness=[],
        settings=stage.settings,
        secrets_parties=[draws.Party(person, body) for person, body in WITNESSES],
        simulations=5,
        by="p-planner",
        at=now,
    )
    for person, _body in WITNESSES:
        accounts.make_party_key(stage.session, person, pin=PIN, settings=stage.settings, at=now)
    for person, body in WITNESSES[:2]:
        _commit(stage, schools.number, person, body)


def _commit(stage: Stage, number: str, person: str, body: str) -> None:
    """As the party's browser does: secrets into the party's own file, commitments signed and sent."""
    now = clock.now()
    secrets = {purpose: deposits.fresh_secret() for purpose in ("subject", "inspector")}
    commitments = {
        purpose: secret_commitment(CITY, number, purpose, person, secret)
        for purpose, secret in secrets.items()
    }
    file = {
        "kind": "doublerandom-party-secrets",
        "issuer": CITY,
        "draw": number,
        "party": person,
        "body": body,
    }
    stage.folder.mkdir(parents=True, exist_ok=True)
    path = stage.folder / f"doublerandom-{number}-{person}.json"
    path.write_text(json.dumps({**file, "secrets": secrets, "commitments": commitments}, indent=1), "utf-8")
    path.chmod(0o600)
    draws.submit_commitments(
        stage.session, number, commitments=commitments, pin=PIN, settings=stage.settings, by=person, at=now
    )
