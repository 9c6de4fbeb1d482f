"""
Five hundred bundles that no verifier may accept, each made from a good one; the same ones in every run.

    for mutation in mutations():
        mutation.name, mutation.now     what was done to which bundle, and when it is verified
        mutation.archive                the bytes of the zip

The kinds: bytes flipped, other encodings of the same values, values and records changed, dropped, added,
doubled or exchanged, files of other draws, archives of another form, signatures and beacons in other
encodings, secrets exchanged, logs rewritten and signed again, and whole draws that were signed and logged
against the rules. `goods()` gives the bundles they are made from.
"""

import base64
import copy
import io
import json
import random
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from itertools import chain
from typing import Any, NamedTuple

from dr1 import bundles
from dr1.bundles import (
    AFTER_DUE,
    BEFORE_DUE,
    DICE,
    DRAND,
    EXAMPLE,
    LATE,
    SSQ,
    Bundle,
    Story,
    Swap,
    build,
    canon,
)

HOW_MANY = 500
WITNESS = bundles.witness_vkey("witness.example")
L = 2**252 + 27742317777372353535851937790883648493
P = int(
    "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab", 16
)
VECTORS = json.loads((bundles.HERE / "vectors" / "drand.json").read_text(encoding="utf-8"))
TEAMS = [
    {**one, "members": [one["id"] + "-A", one["id"] + "-B"]} if one["id"] in ("P01", "P03") else one
    for one in EXAMPLE["inspectors"]
]
OTHERS = {
    "teams": ("dice", {"inspectors": TEAMS}),
    "whole strata": ("dice", {"take": {"low": 13, "high": 5}}),
    "replaced and empty": (
        "empty_seats", {"swaps": (Swap(0, 2, "ill"), Swap(3, None, "closed-down"), Swap(1, 1, "recused"))},
    ),
    "replaced, closed": (
        "closed_auditor", {"swaps": (Swap(0, 0, "ill"), Swap(2, None, "moved"))},
    ),
    "carried, dice": ("superseding", {"randomness": (DICE,)}),
    "level C, rehearsed": ("level_c", {"rehearsal": True}),
    "open, voided": ("open_subjects", {"void": "after"}),
}  # fmt: skip
BEFORE_THE_END = {"committed": BEFORE_DUE, "drawn": AFTER_DUE, "open_subjects_drawn": AFTER_DUE}


class Mutation(NamedTuple):
    """A bundle that must not be accepted, as an archive."""

    name: str
    now: str
    archive: bytes


@cache
def good(name: str) -> Bundle:
    """A good bundle without the two files that nobody checks."""
    variant, overrides = OTHERS.get(name, (name, {}))
    return small(build(variant, **overrides))


def small(bundle: Bundle) -> Bundle:
    return bundle.replaced("verify.py", None).replaced("README.txt", None)


def goods() -> dict[str, tuple[Bundle, str]]:
    """The bundles that the mutations are made from, and when they are verified: late, where all is public."""
    return {name: (good(name), BEFORE_THE_END.get(name, LATE)) for name in (*bundles.STORIES, *OTHERS)}


REVEALED = [
    name for name in (*bundles.STORIES, *OTHERS) if name not in BEFORE_THE_END and name != "witnessed"
]


def archive(files: dict[str, bytes]) -> bytes:
    """The deterministic zip of section 12."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as out:
        for name in sorted(files):
            out.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), files[name])
    return held.getvalue()


def readable(bundle: Bundle) -> list[str]:
    """The files that are wholly bound by the checks."""
    return [name for name in sorted(bundle.files) if name != "witness.json"]


# ------------------------------------------------------------------------------- bytes and encodings


def flipped(draw: random.Random) -> tuple[str, Bundle, str]:
    name = draw.choice([*REVEALED, *BEFORE_THE_END])
    bundle = good(name)
    file = draw.choice(readable(bundle))
    data = bytearray(bundle.files[file])
    if not data:
        return flipped(draw)
    place = draw.randrange(len(data))
    data[place] ^= 1 << draw.randrange(8)
    return f"{name}: a bit of {file}:{place}", bundle.replaced(file, bytes(data)), goods()[name][1]


def utf16(data: bytes) -> bytes:
    return data.decode().encode("utf-16")


def reordered_keys(data: bytes) -> bytes:
    lines = data.decode().split("\n")
    value = json.loads(lines[0])
    value = dict(reversed(value.items())) if isinstance(value, dict) else [
        dict(reversed(one.items())) if isinstance(one, dict) else one for one in value
    ]  # fmt: skip
    lines[0] = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return "\n".join(lines).encode()


def escaped(data: bytes) -> bytes:
    place = data.index(b'"') + 1
    return data[:place] + b"\\u%04x" % data[place] + data[place + 1 :]


def number_as(old: bytes, new: bytes) -> Callable[[bytes], bytes]:
    return lambda data: data.replace(old, new, 1)


def doubled_key(data: bytes) -> bytes:
    place = data.index(b"{") + 1
    return data[:place] + data[place : data.index(b",", place) + 1] + data[place:]


ENCODINGS: dict[str, Callable[[bytes], bytes]] = {
    "a byte-order mark": lambda data: b"\xef\xbb\xbf" + data,
    "Windows line ends": lambda data: data.replace(b"\n", b"\r\n"),
    "no line end": lambda data: data[:-1],
    "an empty line": lambda data: data + b"\n",
    "a blank": lambda data: data.replace(b":", b": ", 1),
    "UTF-16": utf16,
    "an escaped letter": escaped,
    "keys in another order": reordered_keys,
    "a key twice": doubled_key,
    "a comma more": lambda data: data.replace(b"}", b",}", 1),
    "capitals in hex": lambda data: data.replace(b'"root":"9', b'"root":"9').upper(),
    "a fraction": number_as(b":0", b":0.0"),
    "an exponent": number_as(b":1", b":1e0"),
    "minus nothing": number_as(b":0", b":-0"),
    "a leading zero": number_as(b":2", b":02"),
    "a null for a word": number_as(b":false", b":null"),
    "a line separator": lambda data: data.replace(b'":"', '":"\u2028'.encode(), 1),
    "a turned direction": lambda data: data.replace(b'":"', '":"\u202e'.encode(), 1),
    "half a pair": lambda data: data.replace(b'":"', b'":"\\ud800', 1),
    "something after the end": lambda data: data + b"{}",
}


def encoded() -> Iterator[tuple[str, Bundle, str]]:
    for what, change in ENCODINGS.items():
        for name, file in (("revealed", "plan.json"), ("replaced", "subjects.jsonl"), ("dice", "log.json")):
            bundle = good(name)
            data = change(bundle.files[file])
            if data != bundle.files[file]:
                yield f"{name}: {file} with {what}", bundle.replaced(file, data), LATE


# -------------------------------------------------------------------------------- values and records


def another(value: Any, draw: random.Random) -> Any:
    """Another value of the same kind that looks as right as this one."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return draw.choice([value + 1, max(0, value - 1) if value else 2, value + 10])
    place = draw.randrange(len(value)) if value else 0
    for group in ("0123456789", "abcdef", "ghijklmnopqrstuvwxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"):
        if value and value[place] in group:
            return value[:place] + draw.choice(group.replace(value[place], "")) + value[place + 1 :]
    return value + "x"


def places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every way from the root to a value."""
    yield way
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, each in inside:
        yield from places(each, (*way, step))


def edit(value: Any, draw: random.Random, *, shrinks: bool = True) -> str:
    """Change something somewhere in a value, in place; gives what was done, or nothing."""
    way = draw.choice([each for each in places(value) if each] or [()])
    if not way:
        return ""
    above = value
    for step in way[:-1]:
        above = above[step]
    last = way[-1]
    what = draw.choice(["change", "change", "change", "drop", "add", "double", "swap"])
    if what == "change" and not isinstance(above[last], dict | list):
        above[last] = another(above[last], draw)
    elif what == "drop" and shrinks:
        del above[last]
    elif what == "add" and isinstance(above, dict):
        above["zz"] = draw.choice([1, "x"])
    elif what == "double" and isinstance(above, list):
        above.insert(last, copy.deepcopy(above[last]))
    elif what == "swap" and isinstance(above, list) and last and above[last] != above[last - 1]:
        above[last], above[last - 1] = above[last - 1], above[last]
    else:
        return ""
    return f"{what} at {'/'.join(map(str, way))}"


def edited(draw: random.Random) -> tuple[str, Bundle, str]:
    """A bundle with one value, member, element or record other than it was, written canonically."""
    name = draw.choice([*REVEALED, *BEFORE_THE_END])
    bundle, now = goods()[name]
    file = draw.choice([each for each in readable(bundle) if not each.endswith(".leaves")])
    value = bundle.json(file)
    what = edit(value, draw, shrinks=file != "log.json")
    if not what:
        return edited(draw)
    changed = bundle.edited(file, lambda _: value)
    if changed.files == bundle.files or not same_meaning_is_lost(file, what):
        return edited(draw)
    return f"{name}: {file}, {what}", changed, now


def same_meaning_is_lost(file: str, what: str) -> bool:
    """Not so where log.json only brings an entry less than it might."""
    return not (file == "log.json" and what.startswith("drop"))


def recorded(draw: random.Random) -> tuple[str, Bundle, str]:
    """A bundle whose lists of lines are longer, shorter or in another order."""
    name = draw.choice(REVEALED)
    bundle = good(name)
    files = [each for each in bundle.files if each.endswith(("l", "leaves")) and bundle.files[each]]
    file = draw.choice(files)
    lines = bundle.files[file].splitlines(keepends=True)
    what = draw.choice(["drop", "double", "swap", "reverse", "of another draw"])
    n = draw.randrange(len(lines))
    if what == "drop":
        del lines[n]
    elif what == "double":
        lines.insert(n, lines[n])
    elif what == "swap":
        lines[n], lines[n - 1] = lines[n - 1], lines[n]
    elif what == "reverse":
        lines.reverse()
    else:
        lines = [line.replace(b"S00", b"S10") for line in lines]
    changed = bundle.replaced(file, b"".join(lines))
    if changed.files == bundle.files:
        return recorded(draw)
    return f"{name}: {file}, {what} {n}", changed, LATE


def mixed_up() -> Iterator[tuple[str, Bundle, str]]:
    """Files of other draws, files that are missing, files that have no place there."""
    whole = ["revealed", "dice", "replaced", "superseding", "closed_public"]
    for name in whole:
        bundle = good(name)
        for file in readable(bundle):
            yield f"{name}: no {file}", bundle.replaced(file, None), LATE
    for one, other in (("revealed", "dice"), ("dice", "superseding"), ("replaced", "empty_seats")):
        for file in ("plan.json", "signatures.json", "beacon.json", "log.json", "result.json", "tasks.jsonl"):
            if good(one).files[file] != good(other).files[file]:
                changed = good(one).replaced(file, good(other).files[file])
                yield f"{one}: {file} of {other}", changed, LATE
    for file in ("notes.txt", "plan.json~", "PLAN.JSON", "subjects.leaves", "../plan.json"):
        yield f"dice: a file {file}", good("dice").replaced(file, b""), LATE
    for file in ("tasks.jsonl", "result.json", "subjects.jsonl"):
        secret = good("closed_auditor").files[file]
        yield f"closed_public: {file} of the auditors", good("closed_public").replaced(file, secret), LATE
    told = {"subjects": "8" * 64}
    changed = good("closed_public").edited("keys.json", lambda keys: {**keys, **told})
    yield "closed_public: the key of the subjects", changed, LATE


# ------------------------------------------------------------------- signatures, beacons and secrets


def put(*way_and_value: Any) -> Callable[[Any], None]:
    """A change that puts a value at a way."""
    *way, last, new = way_and_value

    def change(value: Any) -> None:
        for step in way:
            value = value[step]
        value[last] = new(value[last]) if callable(new) else new

    return change


def malleable(signature: str) -> str:
    """The same signature with S + L, which careless verifiers take for another."""
    s = int.from_bytes(bytes.fromhex(signature[64:]), "little") + L
    return signature[:64] + s.to_bytes(32, "little").hex()


def swap_first(value: list[Any]) -> None:
    value[0], value[1] = value[1], value[0]


def exchange(member: str) -> Callable[[list[Any]], None]:
    def change(value: list[Any]) -> None:
        value[0][member], value[1][member] = value[1][member], value[0][member]

    return change


def negated(point: str) -> str:
    return f"{int(point[:2], 16) ^ 0x20:02x}{point[2:]}"


SIGNED: dict[str, tuple[str, str, Callable[[Any], Any]]] = {
    "S + L": ("dice", "signatures.json", put(0, "signature", malleable)),
    "S + L at level C": ("level_c", "signatures.json", put(4, "signature", malleable)),
    "a key of small order": ("dice", "signatures.json", put(0, "key", "01" + "00" * 31)),
    "no signature": ("dice", "signatures.json", put(1, "signature", "00" * 64)),
    "signers exchanged": ("dice", "signatures.json", swap_first),
    "signatures exchanged": ("dice", "signatures.json", exchange("signature")),
    "keys exchanged": ("dice", "signatures.json", exchange("key")),
    "one signer twice": (
        "dice", "signatures.json", lambda value: [value[0], {**value[0], "role": "supervisor"}],
    ),
    "one signer": ("dice", "signatures.json", lambda value: value[:1]),
    "a party less": ("level_c", "signatures.json", lambda value: value[:-1]),
    "parties exchanged": ("level_c", "signatures.json", lambda value: [*value[:2], *reversed(value[2:])]),
    "the log's key of small order": ("dice", "log.json", put("key", "01" + "00" * 31)),
    "secrets exchanged": ("dice", "secrets.json", exchange("secret")),
    "secrets of parties exchanged": ("dice", "secrets.json", exchange("party")),
    "secrets in another order": ("dice", "secrets.json", swap_first),
    "secrets of the other purpose": ("dice", "secrets.json", lambda value: [*value[2:], *value[:2]]),
    "pool keys exchanged": (
        "dice", "keys.json", lambda keys: {**keys, "conflicts": keys["tasks"], "tasks": keys["conflicts"]},
    ),
    "a party's secret at level C": ("level_c", "secrets.json", put(2, "secret", "ab" * 32)),
    "rolls in another order": ("dice", "beacon.json", put(0, "rolls", sorted)),
    "a roll more": ("dice", "beacon.json", put(0, "rolls", lambda rolls: [*rolls, 0])),
    "a roll less": ("dice", "beacon.json", put(0, "rolls", lambda rolls: rolls[:-1])),
    "a lottery number twice": ("lottery", "beacon.json", put(0, "groups", 0, 0, 3)),
    "a lottery number too large": ("lottery", "beacon.json", put(0, "groups", 1, 0, 17)),
    "values exchanged": ("lottery", "beacon.json", swap_first),
    "the point outside the subgroup": (
        "revealed", "beacon.json", put(0, "signature", VECTORS["must_reject"][0]["signature"]),
    ),
    "the point not compressed": (
        "revealed", "beacon.json", put(0, "signature", VECTORS["must_reject"][2]["signature"]),
    ),
    "the negated point": ("revealed", "beacon.json", put(0, "signature", negated)),
    "another round's point": (
        "revealed", "beacon.json", put(0, "signature", VECTORS["rounds"][1]["signature"]),
    ),
    "the point at infinity": ("revealed", "beacon.json", put(0, "signature", "c0" + "00" * 47)),
    "no compression flag": (
        "revealed", "beacon.json",
        put(0, "signature", lambda point: f"{int(point[:2], 16) & 0x7F:02x}{point[2:]}"),
    ),
    "x plus p": (
        "revealed", "beacon.json",
        put(0, "signature", lambda point: f"{(int(point, 16) + P) % 2**384:096x}"),
    ),
    "hex in capitals": ("revealed", "beacon.json", put(0, "signature", str.upper)),
}  # fmt: skip


def forged_points() -> Iterator[tuple[str, Bundle, str]]:
    """Draws that were made, signed and logged with a beacon that is not the round's one encoding."""
    for what, point in (
        ("outside the subgroup", VECTORS["must_reject"][0]["signature"]),
        ("negated", negated(bundles.SEEN["drand"]["signature"])),
        ("of round 1000", VECTORS["rounds"][1]["signature"]),
    ):
        before = bundles.SEEN["drand"]
        try:
            bundles.SEEN["drand"] = {"signature": point}
            yield f"revealed: a whole draw with a point {what}", small(build("revealed")), LATE
        finally:
            bundles.SEEN["drand"] = before


# ---------------------------------------------------------------------------- logs, signed again


def relogged(bundle: Bundle, change: Callable[[list[dict[str, Any]]], Any]) -> Bundle:
    """The log with other entries, its tree built again and its checkpoint signed by the log's own key."""
    shown = {canon(item["entry"]) for item in bundle.json("log.json")["entries"]}
    entries = copy.deepcopy(bundle.log.entries)
    ours = [canon(entry) in shown for entry in entries]
    marked = [{"mine": mine, "entry": entry} for mine, entry in zip(ours, entries, strict=True)]
    marked = change(marked) or marked
    log = bundles.Log(bundle.log.origin, [item["entry"] for item in marked])
    told = bundle.json("log.json") | {
        "checkpoint": log.checkpoint(),
        "entries": [
            {"index": n, "entry": item["entry"], "proof": log.inclusion(n)}
            for n, item in enumerate(marked)
            if item["mine"]
        ],
    }
    return bundle.replaced("log.json", canon(told) + b"\n")


def with_entry(kind: str, **members: Any) -> Callable[[list[dict[str, Any]]], None]:
    """The last entry shown of a type says something else."""

    def change(marked: list[dict[str, Any]]) -> None:
        item = [one for one in marked if one["mine"] and one["entry"]["type"] == kind][-1]
        for member, new in members.items():
            item["entry"][member] = new(item["entry"][member]) if callable(new) else new

    return change


def without_entry(kind: str, **members: Any) -> Callable[[list[dict[str, Any]]], Any]:
    def change(marked: list[dict[str, Any]]) -> list[dict[str, Any]]:
        def gone(item: dict[str, Any]) -> bool:
            entry = item["entry"]
            return (
                item["mine"] and entry["type"] == kind and all(entry.get(k) == v for k, v in members.items())
            )

        return [item for item in marked if not gone(item)]

    return change


def entry_twice(kind: str, **members: Any) -> Callable[[list[dict[str, Any]]], None]:
    def change(marked: list[dict[str, Any]]) -> None:
        n = next(n for n, one in enumerate(marked) if one["mine"] and one["entry"]["type"] == kind)
        marked.insert(n + 1, {"mine": True, "entry": {**marked[n]["entry"], **members}})

    return change


def entry_after(kind: str, other: str) -> Callable[[list[dict[str, Any]]], None]:
    """An entry moved behind the first of another type, at whose time it then stands."""

    def change(marked: list[dict[str, Any]]) -> None:
        item = next(one for one in marked if one["mine"] and one["entry"]["type"] == kind)
        marked.remove(item)
        n = next(n for n, one in enumerate(marked) if one["mine"] and one["entry"]["type"] == other)
        item["entry"]["at"] = marked[n]["entry"]["at"]
        marked.insert(n + 1, item)

    return change


HEX = "ab" * 32
LOGS: dict[str, Callable[[list[dict[str, Any]]], Any]] = {
    "another result root": with_entry("result", result_root=HEX),
    "another count": with_entry("result", count=lambda n: n + 1),
    "another number of empty seats": with_entry("result", empty_seats=lambda n: n + 1),
    "a late result": with_entry("result", at="2023-09-17T00:00:00Z"),
    "a result of another draw": with_entry("result", draw="HZ-2023-000008"),
    "a result of another plan": with_entry("result", plan_hash=HEX),
    "another plan hash": with_entry("plan", plan_hash=HEX),
    "another sequence": with_entry("plan", seq=lambda n: n + 1),
    "another issuer": with_entry("plan", issuer="nb-scjg"),
    "a plan logged at due": with_entry("plan", at="2023-09-15T11:00:00Z"),
    "another beacon": with_entry("beacon", beacon=lambda text: text + "0"),
    "a beacon after three days": with_entry("beacon", at="2023-09-18T11:00:01Z"),
    "another source's number": with_entry("observed", n=lambda n: n + 1),
    "other secrets opened": with_entry("open", secrets=[]),
    "other keys opened": with_entry("open", keys=lambda keys: {**keys, "tasks": HEX}),
    "an outcome of nobody": with_entry("outcome", subject="S0007"),
    "an unsigned person": with_entry("key", person="somebody"),
    "another role": with_entry("key", role="head"),
    "another key": with_entry("key", key=bundles.public_key("x")),
    "a key that ran out": with_entry("key", until="2023-09-15T09:41:07Z"),
    "a member more": with_entry("result", more=1),
    "a type that is none": with_entry("outcome", type="gift"),
    "no plan": without_entry("plan"),
    "no result": without_entry("result"),
    "no beacon": without_entry("beacon"),
    "nothing observed": without_entry("observed"),
    "nothing opened": without_entry("open"),
    "no outcomes": without_entry("outcome"),
    "no supervisor": without_entry("key", role="supervisor"),
    "two plans": entry_twice("plan"),
    "two beacons": entry_twice("beacon"),
    "two results": entry_twice("result", result_root=HEX),
    "two openings": entry_twice("open"),
    "two values observed": entry_twice("observed"),
    "two plans of one number": entry_twice("plan", draw="HZ-2023-000008", plan_hash=HEX),
    "two draws of one number": entry_twice("plan", seq=8, plan_hash=HEX),
    "the beacon after the result": entry_after("beacon", "result"),
    "observed after the beacon": entry_after("observed", "beacon"),
    "a key after the plan": entry_after("key", "result"),
    "the plan after the result": entry_after("plan", "result"),
    "the opening before the result": entry_after("result", "open"),
    "everything in reverse": lambda marked: marked[::-1],
    "void after a visit": lambda marked: [
        *marked,
        {"mine": True, "entry": {
            **{name: marked[-2]["entry"][name] for name in ("draw", "plan_hash")},
            "type": "void", "at": "2023-12-02T00:00:00Z", "reason": "late-thought",
        }},
    ],
}  # fmt: skip
MORE_LOGS: dict[str, tuple[str, Callable[[list[dict[str, Any]]], Any]]] = {
    "another would-be root": ("void_after", with_entry("void", would_be_root=HEX)),
    "no void, no outcomes": ("void_after", without_entry("void")),
    "a replacement of another kind": ("replaced", with_entry("replace", what="direct")),
    "another reason": ("replaced", with_entry("replace", reason="other")),
    "another old task": ("replaced", with_entry("replace", old=HEX)),
    "another new task": ("replaced", with_entry("replace", commitment=HEX)),
    "another number": ("replaced", with_entry("replace", n=9)),
    "a replacement less": ("replaced", without_entry("replace", n=2)),
    "a replacement twice": ("replaced", entry_twice("replace")),
    "replacements before the result": ("replaced", entry_after("result", "replace")),
    "no replacements": ("replaced", without_entry("replace")),
    "dice after due": ("mixed", lambda marked: [
        {**one, "entry": {**one["entry"], "at": "2023-09-15T11:00:00Z"}}
        if one["entry"].get("n") in (1, 2) and one["entry"]["type"] == "observed" else one for one in marked
    ]),
    "a party of another body": ("level_c", with_entry("key", body="hz-scjg")),
    "a party's other key": ("level_c", with_entry("key", key=bundles.public_key("x"))),
    "a plan in a rehearsal": (
        "rehearsal",
        lambda marked: [*marked, {"mine": True, "entry": {"type": "note", "at": LATE, "text": "x"}}],
    ),
    "no keys in a rehearsal": ("rehearsal", without_entry("key")),
    "a beacon before due": ("revealed", with_entry("beacon", at="2023-09-15T10:59:59Z")),
    "an outcome of a replaced task": (
        "replaced, closed", with_entry("outcome", subject=HEX),
    ),
    "an outcome less": ("replaced, closed", without_entry("outcome")),
}  # fmt: skip


def rewritten_logs() -> Iterator[tuple[str, Bundle, str]]:
    for what, change in LOGS.items():
        for name in ("dice", "revealed"):
            yield f"{name}: a log with {what}", relogged(good(name), change), LATE
    for what, (name, change) in MORE_LOGS.items():
        yield f"{name}: a log with {what}", relogged(good(name), change), LATE
    for name in ("dice", "replaced"):
        strange = bundles.Log(good(name).log.origin, good(name).log.entries, "another log")
        changed = good(name).edited("log.json", put("checkpoint", strange.checkpoint()))
        yield f"{name}: a checkpoint of another key", changed, LATE
        shorter = good(name).log.checkpoint(len(good(name).log.entries) - 1)
        yield f"{name}: an older checkpoint", good(name).edited("log.json", put("checkpoint", shorter)), LATE
    late = good("witnessed").log.cosigned(10, "witness.example", 1694775600)
    yield "witnessed: at due", good("witnessed").edited("witness.json", put("checkpoint", late)), LATE
    cut = good("witnessed").edited("witness.json", lambda value: {**value, "proof": value["proof"][1:]})
    yield "witnessed: a proof too short", cut, LATE


# ------------------------------------------------------------------ draws against the rules, signed


def chosen_team(tasks: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**tasks[0], "team": tasks[1]["team"]}, *tasks[1:]]


LOW, HIGH = EXAMPLE["plan"]["strata"]
NINE = [{"seat": "s"}] * 9
STORIES: dict[str, tuple[str, dict[str, Any]]] = {
    "a team chosen by hand": ("dice", {"tasks": chosen_team}),
    "a list in another order": ("dice", {"result": lambda result: {
        **result, "drawn": sorted(result["drawn"])}}),
    "another list": ("dice", {"result": lambda result: {
        **result, "drawn": [*result["drawn"][:-1], "S0004"]}}),
    "an empty seat not told": ("empty_seats", {"result": lambda result: {
        **result, "empty_seats": result["empty_seats"][:-1]}}),
    "an empty seat without proof": ("empty_seats", {"result": lambda result: {
        **result, "empty_seats": [{**one, "met": []} for one in result["empty_seats"]]}}),
    "an empty seat replaced by nobody": ("empty_seats", {"swaps": (Swap(4, 2, "ill"),)}),
    "a ground told": ("dice", {"conflicts": [{**one, "ground": "spouse"} for one in Story().conflicts]}),
    "signers the wrong way round": ("dice", {"signers": (("supervisor", "li-na"), ("operator", "wang-wei"))}),
    "one person twice": ("dice", {"signers": (("operator", "li-na"), ("supervisor", "li-na"))}),
    "level C with two parties": ("level_c", {"parties": bundles.PARTIES[:2]}),
    "level C with two bodies": ("level_c", {"parties": (*bundles.PARTIES[:2], ("third", "hz-sfj"))}),
    "level C without secrets": ("level_c", {"purposes": ("inspector",)}),
    "a party twice": ("dice", {"parties": (("operator", "a"), ("operator", "a"))}),
    "too few dice": ("dice", {"randomness": ({**DICE, "count": 38},)}),
    "one lottery": ("lottery", {"randomness": (SSQ,)}),
    "a source twice": ("dice", {"randomness": (DICE, DICE)}),
    "a round too early": ("revealed", {"randomness": ({**DRAND, "round": 657412},)}),
    "a round too late": ("revealed", {"randomness": ({**DRAND, "round": 657414},)}),
    "another chain": ("revealed", {"randomness": ({**DRAND, "chain": HEX},)}),
    "carried out of the pool": ("superseding", {"carried": ("S9999",)}),
    "carried though excluded": ("superseding", {"carried": ("S0007",)}),
    "too many carried": ("superseding", {"carried": ("S0001", "S0002", "S0003")}),
    "no outcomes": ("dice", {"outcomes": False}),
    "a result too late": ("dice", {"at": {"result": "2023-09-15T12:00:01Z"}}),
    "opened before the result": ("dice", {"at": {"open": "2023-09-15T11:00:30Z"}}),
}  # fmt: skip
PLANS: dict[str, dict[str, Any]] = {
    "another protocol": {"protocol": "dr2"},
    "another suite": {"suite": "sm3"},
    "a member more": {"note": "x"},
    "no title": {"title": None},
    "seq 0": {"seq": 0},
    "a second plan without a first": {"seq": 2},
    "a first plan with one before": {"previous": HEX},
    "a day that is none": {"due": "2023-02-30T11:00:00Z"},
    "due too soon": {"committed_at": "2023-09-15T10:00:01Z"},
    "a result by too late": {"result_by": "2023-09-16T11:00:01Z"},
    "a reveal before the result": {"reveal_by": "2023-09-15T12:00:00Z"},
    "a reveal too late": {"reveal_by": "2024-10-19T09:41:08Z"},
    "carried alone": {"carried": []},
    "an open pool closed": {"closed": ["subjects"]},
    "no team": {"team": []},
    "nine seats": {"team": NINE},
    "a stratum missing": {"strata": [LOW]},
    "a stratum twice": {"strata": [LOW, LOW, HIGH]},
    "a stratum without records": {"strata": [LOW, HIGH, {"id": "none", "size": 0, "excluded": 0, "take": 0}]},
    "too much taken": {"strata": [{**LOW, "take": 14}, HIGH]},
    "less than the rate": {"strata": [{**LOW, "take": 1}, HIGH]},
    "a rate with a zero": {"strata": [{**LOW, "rate": "03/20"}, HIGH]},
    "a rate above one": {"strata": [{**LOW, "rate": "3/2"}, HIGH]},
    "another size": {"strata": [{**LOW, "size": 13}, HIGH]},
    "another number excluded": {"strata": [{**LOW, "excluded": 0}, HIGH]},
    "another pool size": {"subjects": {**EXAMPLE["plan"]["subjects"], "size": 21}},
    "another pool root": {"subjects": {**EXAMPLE["plan"]["subjects"], "root": HEX}},
    "other rules": {"rules": HEX},
}


def against_the_rules() -> Iterator[tuple[str, Bundle, str]]:
    for what, (name, overrides) in STORIES.items():
        yield f"{name}: a draw with {what}", small(build(name, **overrides)), LATE
    for what, plan in PLANS.items():
        yield f"dice: a plan with {what}", small(build("dice", plan=plan)), LATE


# -------------------------------------------------------------------------------------- archives


def central(data: bytes) -> int:
    return int.from_bytes(data[-6:-2], "little")


def patched(data: bytes, place: int, new: bytes) -> bytes:
    return data[:place] + new + data[place + len(new) :]


def made(bundle: Bundle, *, order: Callable[[list[str]], list[str]] = sorted, **members: Any) -> bytes:
    """An archive of another form: order of names, members of ZipInfo."""
    held = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(held, "w") as out:
        warnings.simplefilter("ignore")  # zipfile warns of a name twice, which is the point
        for name in order(list(bundle.files)):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            for member, value in members.items():
                setattr(info, member, value)
            out.writestr(info, bundle.files[name])
    return held.getvalue()


def commented(data: bytes) -> bytes:
    return data[:-2] + b"\x05\x00" + b"later"


def archives() -> Iterator[tuple[str, bytes]]:
    bundle = good("dice")
    plain = archive(bundle.files)
    first = plain.index(b"beacon.json")
    listed = plain.index(b"beacon.json", central(plain))
    crc = central(plain) + 16
    yield "cut off", plain[:-1]
    yield "half of it", plain[: len(plain) // 2]
    yield "nothing", b""
    yield "no archive", b"plan.json\n" * 100
    yield "something after its end", plain + b"x"
    yield "something before it", b"#!/bin/sh\n" + plain
    yield "a comment", commented(plain)
    yield "compressed", made(bundle, compress_type=zipfile.ZIP_DEFLATED)
    yield "names in another order", made(bundle, order=lambda names: sorted(names, reverse=True))
    yield "a name twice", made(bundle, order=lambda names: [*sorted(names), "plan.json"])
    yield "another date", made(bundle, date_time=(2023, 9, 15, 0, 0, 0))
    yield "an extra field", made(bundle, extra=b"\x99\x99\x04\x00same")
    yield "a comment on a file", made(bundle, comment=b"later")
    yield "another name in front", patched(plain, first, b"deacon.json")
    yield "another name in the list", patched(plain, listed, b"deacon.json")
    yield "another name in both", patched(patched(plain, first, b"deacon.json"), listed, b"deacon.json")
    yield "another check sum", patched(plain, crc, bytes(4))
    yield "a damaged file", plain.replace(b'"drawn"', b'"drawm"', 1)
    yield "a file less in the count", patched(plain, len(plain) - 12, b"\x01\x00\x01\x00")
    yield "an encrypted file", patched(plain, central(plain) + 8, b"\x01\x00")
    yield "a false size", patched(plain, central(plain) + 20, b"\x01\x00\x00\x00\x01\x00\x00\x00")
    hidden = archive({**bundle.files, "plan.json": bundle.files["plan.json"].replace(b"HZ", b"NB")})
    yield "another archive in front", hidden + plain
    blob = base64.b64encode(zlib.compress(plain))
    yield "itself in base64", blob


# ------------------------------------------------------------------------------------------ all


def _by_hand() -> Iterator[tuple[str, Bundle, str]]:
    yield from encoded()
    yield from mixed_up()
    for what, (name, file, change) in SIGNED.items():
        yield f"{name}: {what}", good(name).edited(file, change), LATE
    yield from forged_points()
    yield from rewritten_logs()
    yield from against_the_rules()


def _by_chance() -> Iterator[tuple[str, Bundle, str]]:
    draw = random.Random("dr1")
    while True:
        yield edited(draw)
        yield recorded(draw)
        yield flipped(draw)


def mutations() -> list[Mutation]:
    """All of them, no two alike and none like a good one; those by chance make up the number."""
    seen = {archive(bundle.files) for bundle, _ in goods().values()}
    found = []
    by_hand = ((name, now, archive(bundle.files)) for name, bundle, now in _by_hand())
    by_chance = ((name, now, archive(bundle.files)) for name, bundle, now in _by_chance())
    of_archives = ((f"dice: an archive: {what}", LATE, data) for what, data in archives())
    for name, now, data in chain(of_archives, by_hand, by_chance):
        if len(found) == HOW_MANY:
            break
        if data not in seen:
            seen.add(data)
            found.append(Mutation(name, now, data))
    return found
