"""
Complete dr1 bundles for tests, made without any code of the package: hashlib, hmac, json and Ed25519 keys.

    bundle = build("revealed")             one of the names in VARIANTS
    bundle = build("dice", take={"low": 1}, stage="drawn", plan={"title": "…"})
    bundle.files                            dict of file names to bytes
    bundle.write(folder); bundle.zip(path)  on disk, as a directory or an archive
    bundle.edited("result.json", change)    a copy with JSON changed by a function, written canonically
    bundle.replaced("plan.json", data)      a copy with other bytes; None takes the file away
    bundle.log                              the whole log behind it: entries, roots, proofs, checkpoints

`build(variant, **overrides)`: overrides are the fields of `Story` (see there) and win over the variant's.
They shape the draw before anything is computed, so all that is signed and logged afterwards agrees with it.
What must *not* agree is made with `edited`, `replaced`, or the hooks `entries` (changes the list of log
entries before the tree is built), `result` (changes the result object), `tasks`, `signers`.

VARIANTS lists (name, now, exit status, numbers of the checks not checkable) as verify.py should answer. The
pools come from the worked example; deals and replacements are found by the plainest code that can do it.
"""

import base64
import hashlib
import hmac
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

HERE = Path(__file__).parent
VERIFY_PY = HERE.parents[1] / "doublerandom" / "static" / "verify.py"
EXAMPLE = json.loads((HERE / "vectors" / "dr1_worked_example.json").read_text(encoding="utf-8"))
ZEROS = "0" * 64
DRAND = EXAMPLE["plan"]["randomness"][0]
DICE = {"kind": "dice", "sides": 10, "count": 40}
SSQ = {"kind": "lottery", "name": "cn-ssq", "issue": "2026088"}
KL8 = {"kind": "lottery", "name": "cn-kl8", "issue": "2026201"}
SEEN = {
    "drand": EXAMPLE["observed"][0],
    "dice": EXAMPLE["other_beacon_texts"][1]["seen"],
    "cn-ssq": EXAMPLE["other_beacon_texts"][0]["seen"],
    "cn-kl8": {"groups": [[80, 1, 5, 9, 12, 17, 20, 23, 31, 33, 37, 41, 44, 52, 58, 60, 63, 66, 71, 77]]},
}
BEFORE_DUE, AFTER_DUE = "2023-09-15T10:30:00Z", "2023-09-15T11:30:00Z"
REVEALED, LATE = "2023-11-02T00:00:00Z", "2024-02-01T00:00:00Z"


def canon(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def sha256(text: str | bytes) -> str:
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def salt(key: str, text: str) -> str:
    return hmac.new(bytes.fromhex(key), text.encode(), hashlib.sha256).hexdigest()


def fixed(name: str) -> str:
    """32 bytes that look random and are always the same for a name."""
    return sha256("test|" + name)


def private_key(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(fixed("key|" + name)))


@cache
def public_key(name: str) -> str:
    return private_key(name).public_key().public_bytes_raw().hex()


def sign(name: str, text: str | bytes) -> str:
    return private_key(name).sign(text.encode() if isinstance(text, str) else text).hex()


# ----------------------------------------------------------------------------------- the log


def merkle(leaves: list[bytes]) -> bytes:
    if len(leaves) < 2:
        return hashlib.sha256(b"\0" + leaves[0] if leaves else b"").digest()
    left = split(len(leaves))
    return hashlib.sha256(b"\1" + merkle(leaves[:left]) + merkle(leaves[left:])).digest()


def split(size: int) -> int:
    left = 1
    while left * 2 < size:
        left *= 2
    return left


@dataclass
class Log:
    origin: str
    entries: list[dict] = field(default_factory=list)
    key: str = "log"

    def leaves(self, size: int | None = None) -> list[bytes]:
        return [canon(entry) for entry in self.entries[:size]]

    def body(self, size: int | None = None) -> bytes:
        leaves = self.leaves(size)
        root = base64.b64encode(merkle(leaves)).decode()
        return f"{self.origin}\n{len(leaves)}\n{root}\n".encode()

    def checkpoint(self, size: int | None = None) -> str:
        """The signed note over the first `size` entries."""
        body, public = self.body(size), bytes.fromhex(public_key(self.key))
        key_id = hashlib.sha256(self.origin.encode() + b"\n\1" + public).digest()[:4]
        blob = base64.b64encode(key_id + bytes.fromhex(sign(self.key, body))).decode()
        return f"{body.decode()}\n— {self.origin} {blob}\n"

    def cosigned(self, size: int, witness: str, at: int) -> str:
        """The checkpoint with a C2SP cosignature/v1 of a witness at a time in seconds."""
        message = f"cosignature/v1\ntime {at}\n".encode() + self.body(size)
        key_id = hashlib.sha256(witness.encode() + b"\n\4" + bytes.fromhex(public_key(witness))).digest()[:4]
        blob = base64.b64encode(
            key_id + at.to_bytes(8, "big") + bytes.fromhex(sign(witness, message))
        ).decode()
        return f"{self.checkpoint(size)}— {witness} {blob}\n"

    def inclusion(self, index: int) -> list[str]:
        def path(index: int, leaves: list[bytes]) -> list[str]:
            if len(leaves) == 1:
                return []
            left = split(len(leaves))
            if index < left:
                return [*path(index, leaves[:left]), merkle(leaves[left:]).hex()]
            return [*path(index - left, leaves[left:]), merkle(leaves[:left]).hex()]

        return path(index, self.leaves())

    def consistency(self, first: int, second: int) -> list[str]:
        def path(first: int, leaves: list[bytes], whole: bool) -> list[str]:
            if first == len(leaves):
                return [] if whole else [merkle(leaves).hex()]
            left = split(len(leaves))
            if first <= left:
                return [*path(first, leaves[:left], whole), merkle(leaves[left:]).hex()]
            return [*path(first - left, leaves[left:], False), merkle(leaves[:left]).hex()]

        return path(first, self.leaves(second), True)


def witness_vkey(witness: str) -> str:
    material = b"\4" + bytes.fromhex(public_key(witness))
    key_id = hashlib.sha256(witness.encode() + b"\n" + material).digest()[:4]
    return f"{witness}+{key_id.hex()}+{base64.b64encode(material).decode()}"


# ---------------------------------------------------------------------------- the plain deal


@dataclass
class PlainDeal:
    """Section 7 and 9 word by word, without any cleverness."""

    seed: str
    seats: list[dict]
    inspectors: list[dict]
    conflicts: set[tuple[str, str]]
    subjects: list[dict]
    teams: dict[str, list[str]] = field(default_factory=dict)
    empty: list[dict] = field(default_factory=list)
    loads_at: dict[tuple[str, int], dict[str, int]] = field(default_factory=dict)
    gone: set[tuple[str, str]] = field(default_factory=set)

    def run(self) -> "PlainDeal":
        self.load = {one["id"]: one["load"] for one in self.inspectors}
        for subject in self.subjects:
            self.teams[subject["id"]] = [""] * len(self.seats)
            for number in range(len(self.seats)):
                self.loads_at[subject["id"], number] = dict(self.load)
                self.fill(subject["id"], number)
        return self

    def deck_key(self, who: str, load: dict[str, int]) -> tuple[int, str, str]:
        return load[who], sha256(f"dr1|inspector|{self.seed}|{load[who]}|{who}"), who

    def eligible(self, subject: dict, number: int, load: dict[str, int]) -> list[str]:
        seat = self.seats[number]
        able = [
            one["id"]
            for one in self.inspectors
            if "excluded" not in one
            and ("department" not in seat or seat["department"] == one["department"])
            and all(skill in one["skills"] for skill in seat.get("skills", []))
            and (one["regions"] == [] or subject["region"] in one["regions"])
            and (one["id"], subject["id"]) not in self.conflicts
        ]
        return sorted(able, key=lambda who: self.deck_key(who, load))

    def record(self, subject: str) -> dict:
        return next(one for one in self.subjects if one["id"] == subject)

    def held(self, who: str) -> list[tuple[str, int]]:
        order = [one["id"] for one in self.subjects]
        return [
            (one, n) for one in order for n, holder in enumerate(self.teams.get(one, [])) if holder == who
        ]

    def room(self, who: str) -> bool:
        capacity = next(one.get("capacity") for one in self.inspectors if one["id"] == who)
        return capacity is None or len(self.held(who)) < capacity

    def fill(self, subject: str, number: int) -> None:
        for who in self.eligible(self.record(subject), number, self.load):
            if who not in self.teams[subject] and self.room(who):
                self.teams[subject][number] = who
                self.load[who] += 1
                return
        self.repair(subject, number)

    def repair(self, subject: str, number: int) -> None:
        places: list[tuple[str, int]] = [(subject, number)]
        way: dict[tuple[str, int], tuple[tuple[str, int], str]] = {}
        met: list[str] = []
        for place in places:
            team = self.teams[place[0]]
            for who in self.eligible(self.record(place[0]), place[1], self.load):
                if who == team[place[1]] or who in met:
                    continue
                if who in team:
                    joining = [(place[0], team.index(who))]
                else:
                    met.append(who)
                    if self.room(who):
                        self.follow(place, who, way)
                        return
                    joining = self.held(who)
                for other in joining:
                    if other not in places:
                        places.append(other)
                        way[other] = (place, who)
        proof = {"met": met, "places": [list(place) for place in places]}
        self.empty.append({**proof, "seat": self.seats[number]["seat"], "subject": subject})

    def follow(self, place: tuple[str, int], who: str, way: dict) -> None:
        self.load[who] += 1
        while True:
            self.teams[place[0]][place[1]] = who
            if place not in way:
                return
            place, who = way[place]

    def task(self, draw: str, subject: str) -> dict:
        team = [
            {"inspector": who, "seat": seat["seat"]}
            for who, seat in zip(self.teams[subject], self.seats, strict=True)
            if who
        ]
        return {"draw": draw, "subject": subject, "team": team}

    # section 9; `turn` of a new subject is the old one's, kept in loads_at

    def candidate(self, subject: str, number: int) -> str:
        able = self.eligible(self.record(subject), number, self.loads_at[subject, number])
        free = [who for who in able if who not in self.teams[subject] and (subject, who) not in self.gone]
        return next((who for who in free if self.room(who)), "")

    def replace_inspector(self, subject: str, number: int) -> tuple[str, str]:
        old = self.teams[subject][number]
        self.gone.add((subject, old))
        self.teams[subject][number] = ""
        new = self.candidate(subject, number)
        self.teams[subject][number] = new
        return old, new

    def replace_subject(self, old: str, new: dict) -> None:
        team = self.teams.pop(old)
        turn = next(n for n, one in enumerate(self.subjects) if one["id"] == old)
        self.subjects[turn] = new
        for number in range(len(self.seats)):
            self.loads_at[new["id"], number] = self.loads_at[old, number]
        self.teams[new["id"]] = [
            who if who and who in self.eligible(new, number, self.load) else ""
            for number, who in enumerate(team)
        ]
        for number, who in enumerate(self.teams[new["id"]]):
            if not who:
                self.teams[new["id"]][number] = self.candidate(new["id"], number)


# --------------------------------------------------------------------------------- the story


class Swap(NamedTuple):
    """One replacement: of a seat's inspector at the n-th drawn subject, or (seat None) of the subject."""

    drawn: int
    seat: int | None
    reason: str
    conflicts: tuple[str, ...] = ()  # "<inspector>:*" stands for that inspector and this subject


@dataclass
class Story:
    """What happens in a draw; every field can be overridden in `build`."""

    subjects: list[dict] = field(default_factory=lambda: EXAMPLE["subjects"])
    inspectors: list[dict] = field(default_factory=lambda: EXAMPLE["inspectors"])
    conflicts: list[dict] = field(
        default_factory=lambda: sorted(EXAMPLE["conflicts"], key=lambda one: one["id"])
    )
    sealed: tuple[str, ...] = ("inspectors", "conflicts")
    closed: tuple[str, ...] = ()
    audience: str = "public"  # or "auditor"
    randomness: tuple[dict, ...] = (DRAND,)
    parties: tuple[tuple[str, str], ...] = (("operator", "hz-scjg"), ("supervisor", "hz-sfj"))
    purposes: tuple[str, ...] = ("subject", "inspector")
    stage: str = "revealed"  # committed, drawn (randomness known, result fixed), revealed
    rehearsal: bool = False
    void: str = ""  # "", "before" the randomness, "after" the result
    carried: tuple[str, ...] | None = None
    swaps: tuple[Swap, ...] = ()
    witness: bool = False
    checkpoint_lines: bool = False  # log.json's checkpoint as a list of lines instead of one text
    take: dict[str, int] = field(default_factory=dict)  # by stratum; drops the rate
    plan: dict[str, Any] = field(default_factory=dict)  # members of the plan that win; None takes one away
    at: dict[str, str] = field(default_factory=dict)  # times of log entries by type
    outcomes: bool = True
    entries: Callable[[list[dict]], list[dict]] = lambda entries: entries
    result: Callable[[dict], dict] = lambda result: result
    tasks: Callable[[list[dict]], list[dict]] = lambda tasks: tasks
    signers: tuple[tuple[str, str], ...] = (("operator", "li-na"), ("supervisor", "wang-wei"))


@dataclass
class Bundle:
    files: dict[str, bytes]
    plan: dict
    log: Log

    def write(self, folder: Path) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in self.files.items():
            (folder / name).write_bytes(data)
        return folder

    def zip(self, path: Path) -> Path:
        """The archive with the deterministic bytes of section 12."""
        with zipfile.ZipFile(path, "w") as archive:
            for name in sorted(self.files):
                archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), self.files[name])
        return path

    def json(self, name: str) -> Any:
        if name.endswith(".jsonl"):
            return [json.loads(line) for line in self.files[name].decode().split("\n")[:-1]]
        return json.loads(self.files[name])

    def replaced(self, name: str, data: bytes | None) -> "Bundle":
        files = {**self.files, name: data or b""}
        if data is None:
            del files[name]
        return replace(self, files=files)

    def edited(self, name: str, change: Callable[[Any], Any]) -> "Bundle":
        """`change` gets the parsed file, changes it in place or gives another; the rest stays as it was."""
        value = self.json(name)
        changed = change(value)
        value = value if changed is None else changed
        return self.replaced(name, lines(value) if name.endswith(".jsonl") else canon(value) + b"\n")


def lines(records: list[dict]) -> bytes:
    return b"".join(canon(record) + b"\n" for record in records)


class Teller:
    """Tells a story: plan, signatures, log, files."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.keys = {**EXAMPLE["keys"], "subjects": "8" * 64}
        self.plan = self.make_plan()
        self.plan_hash = sha256(b"dr1|plan|" + canon(self.plan))
        self.ours = {"draw": self.plan["draw"], "plan_hash": self.plan_hash}
        self.values = [SEEN[source.get("name", source["kind"])] for source in story.randomness]
        self.beacon = ",".join(map(self.text_of, story.randomness, self.values))
        self.log = Log(self.plan["log"])
        self.replacements: list[dict] = []
        self.replace_entries: list[dict] = []
        self.compute()

    # -- plan

    def secret(self, party: str, purpose: str) -> str:
        if self.story.carried is None and party in EXAMPLE["secrets"][purpose]:
            return EXAMPLE["secrets"][purpose][party]
        return fixed(f"{party}|{purpose}|{self.story.carried}")

    def commitment(self, draw: str, party: str, purpose: str) -> str:
        return sha256(f"dr1|secret|hz-scjg|{draw}|{purpose}|{party}|{self.secret(party, purpose)}")

    def pool(self, name: str) -> dict:
        records, sealed = getattr(self.story, name), name in self.story.sealed
        data = self.leaves(name) if sealed else [canon(record) for record in records]
        return {"root": merkle(data).hex(), "sealed": sealed, "size": len(records)}

    def leaves(self, name: str) -> list[bytes]:
        def leaf(record: dict) -> bytes:
            one = salt(self.keys[name], f"dr1|salt|{name}|{record['id']}")
            return hashlib.sha256(f"dr1|leaf|{one}|".encode() + canon(record)).digest()

        return sorted(leaf(record) for record in getattr(self.story, name))

    def strata(self) -> list[dict]:
        found = []
        for stratum in EXAMPLE["plan"]["strata"]:
            records = [one for one in self.story.subjects if one["stratum"] == stratum["id"]]
            counts = {"size": len(records), "excluded": sum("excluded" in one for one in records)}
            taken = self.story.take.get(stratum["id"])
            if records:
                found.append(
                    {**stratum, **counts} if taken is None else {"id": stratum["id"], **counts, "take": taken}
                )
        return found

    def make_plan(self) -> dict:
        story = self.story
        plan = {**EXAMPLE["plan"], "randomness": list(story.randomness), "rules": sha256(canon(self.rules()))}
        plan |= {name: self.pool(name) for name in ("subjects", "inspectors", "conflicts")}
        plan["strata"] = self.strata()
        if story.closed:
            plan["closed"] = list(story.closed)
        if story.carried is not None:
            plan |= {
                "draw": "HZ-2023-000002",
                "seq": 2,
                "previous": fixed("the plan before"),
                "rehearsal": False,
            }
            plan |= {"supersedes": "HZ-2023-000001", "carried": list(story.carried)}
        if story.rehearsal:
            plan |= {"rehearsal": True, "seq": 0}
        plan |= story.plan
        plan["secrets"] = story.plan.get("secrets") or [
            {
                "party": party, "body": body, "purpose": purpose,
                "commitment": self.commitment(plan["draw"], party, purpose),
            }
            for purpose in story.purposes
            for party, body in story.parties
        ]  # fmt: skip
        return {name: value for name, value in plan.items() if value is not None}

    def rules(self) -> dict:
        return {"strata": [{"if": "score < 60", "stratum": "high"}, {"stratum": "low"}], "version": 3}

    # -- computing

    def text_of(self, source: dict, value: dict) -> str:
        if source["kind"] == "drand":
            point = bytes.fromhex(value["signature"])
            return f"drand:{source['chain']}:{source['round']}:{sha256(point)}"
        if source["kind"] == "dice":
            return f"dice:d{source['sides']}:" + ".".join(map(str, value["rolls"]))
        groups = "".join(".".join(map(str, sorted(group))) + "./" for group in value["groups"])
        return f"lottery:{source['name']}:{source['issue']}:{groups}"

    def seed(self, purpose: str) -> str:
        given = sorted(one["party"] for one in self.plan["secrets"] if one["purpose"] == purpose)
        secrets = ",".join(f"{party}={self.secret(party, purpose)}" for party in given)
        prefix = "dr1-rehearsal" if self.plan["rehearsal"] else "dr1"
        return sha256(f"{prefix}|seed|{self.plan_hash}|{purpose}|{self.beacon}|{secrets}")

    def compute(self) -> None:
        seed, carried = self.seed("subject"), self.plan.get("carried", [])
        self.reserve: dict[str, list[dict]] = {}
        drawn = []

        def ticket(record: dict) -> tuple[str, str]:
            return sha256(f"dr1|subject|{seed}|{record['id']}"), record["id"]

        for stratum in self.plan["strata"]:
            free = [
                one
                for one in self.story.subjects
                if one["stratum"] == stratum["id"] and "excluded" not in one
            ]
            free.sort(key=lambda one: (one["id"] not in carried, *ticket(one)))
            drawn += free[: stratum["take"]]
            self.reserve[stratum["id"]] = free[stratum["take"] :]
        drawn.sort(key=ticket)
        pairs = {(one["inspector"], one["subject"]) for one in self.story.conflicts}
        self.deal = PlainDeal(
            self.seed("inspector"), self.plan["team"], self.story.inspectors, pairs, list(drawn)
        )
        self.deal.run()
        self.tasks = self.story.tasks([self.deal.task(self.plan["draw"], one["id"]) for one in drawn])
        self.commitments = {task["subject"]: self.task_commitment(task) for task in self.tasks}
        root = merkle(sorted(map(bytes.fromhex, self.commitments.values()))).hex()
        result = {"drawn": [one["id"] for one in drawn], "result_root": root}
        if self.deal.empty:
            result["empty_seats"] = self.deal.empty
        self.result = self.story.result(result)
        self.stands = dict(self.commitments)
        for n, swap in enumerate(self.story.swaps, 1):
            self.swap(n, swap, drawn[swap.drawn]["id"])

    def task_commitment(self, task: dict, n: int | None = None) -> str:
        more = "" if n is None else f"|{n}"
        one = salt(self.keys["tasks"], f"dr1|task|{task['subject']}{more}")
        return sha256(f"dr1|task|{one}|".encode() + canon(task))

    def swap(self, n: int, swap: Swap, subject: str) -> None:
        line: dict[str, Any] = {"n": n, "reason": swap.reason}
        if swap.seat is None:
            stratum = next(one["stratum"] for one in self.story.subjects if one["id"] == subject)
            new = self.reserve[stratum].pop(0)
            self.deal.replace_subject(subject, new)
            line |= {"old": subject, "new": new["id"]}
        else:
            pairs = sorted(pair.replace("*", subject) for pair in swap.conflicts)
            self.deal.conflicts |= {tuple(pair.split(":")) for pair in pairs}
            old, come = self.deal.replace_inspector(subject, swap.seat)
            line |= {"seat": swap.seat} | ({"old": old} if old else {}) | ({"new": come} if come else {})
            line |= {"conflicts": pairs} if pairs else {}
        task = self.deal.task(self.plan["draw"], line["new"] if swap.seat is None else subject)
        line |= {"task": task, "salt": salt(self.keys["tasks"], f"dr1|task|{task['subject']}|{n}")}
        self.replacements.append(line)
        entry = {
            "type": "replace", "at": "2023-09-20T02:00:00Z", **self.ours, "n": n, "reason": swap.reason,
            "what": "subject" if swap.seat is None else "inspector", "old": self.stands.pop(subject),
            "commitment": self.task_commitment(task, n),
        }  # fmt: skip
        self.stands[task["subject"]] = entry["commitment"]
        self.replace_entries.append(entry)

    # -- log

    def entry(self, kind: str, at: str, **members: Any) -> dict:
        return {"type": kind, "at": self.story.at.get(kind, at), **members}

    def key_entry(self, person: str, role: str, body: str) -> dict:
        given = {
            "person": person,
            "name": f"{person} 同志",
            "role": role,
            "body": body,
            "key": public_key(person),
        }
        return self.entry("key", "2023-09-01T02:00:00Z", **given, until="2026-01-01T00:00:00Z")

    def before(self) -> list[dict]:
        found = [
            self.entry("note", "2023-08-31T02:00:00Z", text="日志启用"),
            self.entry(
                "list", "2023-08-31T03:00:00Z", what="item_list", name="items-2023", digest=fixed("items")
            ),
            self.key_entry("somebody-else", "operator", "nb-scjg"),
        ]
        found += [
            self.key_entry(person, role, "hz-sfj" if role == "supervisor" else "hz-scjg")
            for role, person in self.story.signers
        ]
        if not self.story.randomness:
            found += [self.key_entry(party, "party", body) for party, body in self.story.parties]
        found += [
            self.entry(
                "list", "2023-09-02T02:00:00Z", what="annual_plan", name="plan-2023", digest=fixed("annual")
            ),
            self.entry(
                "list", "2023-09-02T03:00:00Z", what="rule_set", name="rules-3", digest=self.plan["rules"]
            ),
        ]
        other = {"draw": "NB-2023-000009", "issuer": "nb-scjg", "seq": 9, "plan_hash": fixed("nb")}
        return [*found, self.entry("plan", "2023-09-15T09:00:00Z", **other)]

    def during(self) -> list[dict]:
        plan = {name: self.plan[name] for name in ("draw", "issuer", "seq")}
        found = [self.entry("plan", "2023-09-15T09:42:00Z", **plan, plan_hash=self.plan_hash)]
        if self.story.void == "before":
            found.append(self.entry("void", "2023-09-15T10:00:00Z", **self.ours, reason="wrong-scope"))
        found.append(self.entry("note", "2023-09-15T10:10:00Z", text="与本次抽取无关"))
        if self.story.stage == "committed":
            return found
        mixed = any(source["kind"] == "drand" for source in self.story.randomness)
        order = sorted(range(len(self.values)), key=lambda n: self.story.randomness[n]["kind"] == "drand")
        for n in order:
            late = self.story.randomness[n]["kind"] == "drand" or not mixed
            at = "2023-09-15T11:00:06Z" if late else "2023-09-15T10:50:00Z"
            found.append(self.entry("observed", at, **self.ours, n=n, value=self.values[n]))
        found.append(self.entry("beacon", "2023-09-15T11:00:07Z", **self.ours, beacon=self.beacon))
        counts = {"count": len(self.tasks), "empty_seats": len(self.result.get("empty_seats", []))}
        root = self.result["result_root"]
        return [*found, self.entry("result", "2023-09-15T11:01:00Z", **self.ours, **counts, result_root=root)]

    def after(self) -> list[dict]:
        found: list[dict] = []
        if self.story.void == "after":
            root = self.result["result_root"]
            found.append(
                self.entry(
                    "void", "2023-09-15T12:30:00Z", **self.ours, reason="system-fault", would_be_root=root
                )
            )
        found += self.replace_entries
        if self.story.stage != "revealed":
            return [one for one in found if one["type"] != "void"]
        if self.story.outcomes and not self.story.void:
            for subject, commitment in self.stands.items():
                name = commitment if "subjects" in self.story.closed else subject
                found.append(
                    self.entry(
                        "outcome",
                        "2023-10-10T02:00:00Z",
                        **self.ours,
                        subject=name,
                        digest=fixed("outcome " + subject),
                    )
                )
        opened = {"secrets": self.secrets(), "keys": self.opened_keys()}
        found.append(self.entry("open", "2023-11-01T02:00:00Z", **self.ours, **opened))
        return found

    def secrets(self, *, everything: bool = False) -> list[dict]:
        shut = "subjects" in self.story.closed and not everything
        return [
            {
                "party": one["party"],
                "purpose": one["purpose"],
                "secret": self.secret(one["party"], one["purpose"]),
            }
            for one in self.plan["secrets"]
            if not (shut and one["purpose"] == "subject")
        ]

    def opened_keys(self, *, everything: bool = False) -> dict[str, str]:
        hidden = set() if everything else set(self.story.closed)
        names = [name for name in self.story.sealed if name not in hidden]
        names += [] if "subjects" in hidden else ["tasks"]
        return {name: self.keys[name] for name in names}

    # -- files

    def signatures(self) -> list[dict]:
        text = b"dr1|plan|" + canon(self.plan)
        found = [(role, person, text) for role, person in self.story.signers]
        if not self.story.randomness:
            found += [
                ("party", one["party"], b"dr1|commit|" + one["commitment"].encode())
                for one in self.plan["secrets"]
            ]
        return [
            {"role": role, "person": person, "key": public_key(person), "signature": sign(person, what)}
            for role, person, what in found
        ]

    def log_file(self) -> dict:
        if self.story.rehearsal:
            self.log.entries = self.story.entries([one for one in self.before() if one["type"] != "plan"])
            wanted = [n for n, one in enumerate(self.log.entries) if one["type"] == "key"]
        else:
            told = [*self.before(), *self.during(), *self.after()]
            self.log.entries = [
                *self.story.entries(told),
                self.entry("note", "2023-12-01T00:00:00Z", text="后来的事"),
            ]
            wanted = [n for n, one in enumerate(self.log.entries) if self.is_ours(one)]
        checkpoint = self.log.checkpoint()
        return {
            "origin": self.log.origin,
            "key": public_key(self.log.key),
            "checkpoint": checkpoint.split("\n")[:-1] if self.story.checkpoint_lines else checkpoint,
            "entries": [
                {"index": n, "entry": self.log.entries[n], "proof": self.log.inclusion(n)} for n in wanted
            ],
        }

    def is_ours(self, entry: dict) -> bool:
        people = {person for _, person in self.story.signers} | {party for party, _ in self.story.parties}
        mine = entry.get("draw") == self.plan["draw"] or entry.get("person") in people
        mine = mine or entry.get("issuer") == self.plan["issuer"]
        return mine or entry.get("what") in ("annual_plan", "rule_set")

    def files(self) -> dict[str, bytes]:
        hidden = set() if self.story.audience == "auditor" else set(self.story.closed)
        found = {name: canon(value) + b"\n" for name, value in self.json_files(hidden).items()}
        for name in ("subjects", "inspectors", "conflicts"):
            found |= self.pool_file(name, hidden)
        if self.story.stage == "revealed" and "subjects" not in hidden:
            found["tasks.jsonl"] = lines(sorted(self.tasks, key=lambda task: task["subject"]))
            if self.replacements:
                found["replacements.jsonl"] = lines(self.replacements)
        if self.story.witness:
            found["witness.json"] = self.witness_file()
        readme = "核验：python3 verify.py\n".encode()
        return {**found, "verify.py": VERIFY_PY.read_bytes(), "README.txt": readme}

    def json_files(self, hidden: set[str]) -> dict[str, Any]:
        files = {"plan.json": self.plan, "signatures.json": self.signatures(), "rules.json": self.rules()}
        files["log.json"] = self.log_file()
        everything = self.story.audience == "auditor"
        if self.story.stage != "committed":
            files["beacon.json"] = self.values
        if self.story.stage == "revealed":
            files["secrets.json"] = self.secrets(everything=everything)
            files["keys.json"] = self.opened_keys(everything=everything)
            files |= {} if "subjects" in hidden else {"result.json": self.result}
        return files

    def pool_file(self, name: str, hidden: set[str]) -> dict[str, bytes]:
        if name not in hidden and (self.story.stage == "revealed" or name not in self.story.sealed):
            return {name + ".jsonl": lines(getattr(self.story, name))}
        if name in hidden and self.story.stage == "revealed":
            return {name + ".leaves": b"".join(leaf.hex().encode() + b"\n" for leaf in self.leaves(name))}
        return {}

    def witness_file(self) -> bytes:
        index = next(n for n, one in enumerate(self.log.entries) if one.get("plan_hash") == self.plan_hash)
        note = self.log.cosigned(index + 1, "witness.example", 1694773800)  # 2023-09-15T10:30:00Z
        checkpoint = note.split("\n")[:-1] if self.story.checkpoint_lines else note
        proof = self.log.consistency(index + 1, len(self.log.entries))
        return canon({"checkpoint": checkpoint, "proof": proof}) + b"\n"


SCARCE = [
    {**one, "capacity": 1} if one["id"] in ("P07", "P08") else one for one in EXAMPLE["inspectors"]
]  # two fire inspectors for five visits: three joint seats stay empty
PARTIES = (("operator", "hz-scjg"), ("supervisor", "hz-sfj"), ("notary", "hz-notary"))
STORIES: dict[str, dict[str, Any]] = {
    "revealed": {},
    "drawn": {"stage": "drawn"},
    "committed": {"stage": "committed"},
    "dice": {"randomness": (DICE,)},
    "lottery": {"randomness": (SSQ, KL8)},
    "mixed": {"randomness": (DRAND, DICE, SSQ)},
    "level_c": {"randomness": (), "parties": PARTIES},
    "open_subjects": {"purposes": ("inspector",)},
    "open_subjects_drawn": {"purposes": ("inspector",), "stage": "drawn"},
    "open_pools": {"sealed": ()},
    "closed_public": {"sealed": ("subjects", "inspectors", "conflicts"), "closed": ("conflicts", "subjects")},
    "closed_auditor": {
        "sealed": ("subjects", "inspectors", "conflicts"), "closed": ("conflicts", "subjects"),
        "audience": "auditor",
    },
    "empty_seats": {"inspectors": SCARCE},
    "replaced": {
        "swaps": (
            Swap(0, 1, "conflict", ("P04:*",)), Swap(1, None, "closed-down"),
            Swap(2, 0, "ill"), Swap(0, 1, "ill"),
        ),
    },
    "superseding": {"carried": ("S0001", "S0020")},
    "void_after": {"void": "after"},
    "void_before": {"void": "before"},
    "witnessed": {"witness": True},
    "rehearsal": {"rehearsal": True},
    "rehearsal_dice": {"rehearsal": True, "randomness": (DICE,)},
}  # fmt: skip


class Expected(NamedTuple):
    """What verify.py should answer at a time: exit status, and which checks are not checkable."""

    variant: str
    now: str
    exit: int
    open: tuple[int, ...]


VARIANTS = (
    Expected("revealed", REVEALED, 2, (4, 13)),
    Expected("revealed", LATE, 2, (4, 13)),
    Expected("drawn", AFTER_DUE, 2, (4, 5, 7, 8, 9, 10, 11, 12, 13)),
    Expected("drawn", LATE, 1, (4, 8, 9, 12, 13)),
    Expected("committed", BEFORE_DUE, 2, (4, 5, 6, 7, 8, 9, 10, 11, 12, 13)),
    Expected("committed", LATE, 1, (4, 8, 9, 12, 13)),
    Expected("dice", REVEALED, 2, (4, 13)),
    Expected("lottery", REVEALED, 2, (4, 13)),
    Expected("mixed", REVEALED, 2, (4, 13)),
    Expected("level_c", REVEALED, 2, (4, 13)),
    Expected("open_subjects", REVEALED, 2, (4, 13)),
    Expected("open_subjects_drawn", AFTER_DUE, 2, (4, 5, 7, 8, 9, 10, 11, 12, 13)),
    Expected("open_pools", REVEALED, 2, (4, 13)),
    Expected("closed_public", REVEALED, 2, (4, 5, 7, 8, 9, 10, 11, 12, 13)),
    Expected("closed_public", LATE, 2, (4, 5, 7, 8, 9, 10, 11, 12, 13)),
    Expected("closed_auditor", LATE, 2, (4, 13)),
    Expected("empty_seats", REVEALED, 2, (4, 13)),
    Expected("replaced", LATE, 2, (4, 13)),
    Expected("superseding", LATE, 2, (4, 13)),
    Expected("void_after", LATE, 2, (4, 13)),
    Expected("void_before", LATE, 2, (4, 13)),
    Expected("witnessed", REVEALED, 2, (4, 13)),
    Expected("rehearsal", LATE, 0, ()),
    Expected("rehearsal_dice", LATE, 0, ()),
)


def build(variant: str = "revealed", **overrides: Any) -> Bundle:
    """The bundle of a variant; overrides are fields of Story."""
    story = Story(**{**STORIES[variant], **overrides})
    teller = Teller(story)
    files = teller.files()
    return Bundle(files, teller.plan, teller.log)
