// Closed and typed objects (section 1): the form of every file and log entry, member by member.

import { Refused, seconds } from "./canon.js";

const TOKEN = /^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/;
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$/;
const HEX = /^[0-9a-f]*$/;

export const token = (value) => typeof value === "string" && TOKEN.test(value) && !value.endsWith("\n");
export const id = (value) => typeof value === "string" && ID.test(value) && !value.endsWith("\n");
export const text = (value) => typeof value === "string";
export const bool = (value) => value === true || value === false;
export const count = (value) => typeof value === "number" && value >= 0;
export const time = (value) => typeof value === "string" && !Number.isNaN(seconds(value));
export const digits = (length) => (value) => typeof value === "string" && value.length === length && HEX.test(value);
export const hash = digits(64);
export const one = (...choices) => (value) => choices.includes(value);
export const listOf = (kind) => (value) => Array.isArray(value) && value.every(kind);
const isObject = (value) => typeof value === "object" && !Array.isArray(value);

/** Whether an object has exactly these members, each of its kind; those whose name ends with ? may be absent. */
export const closed = (members) => {
  const kinds = new Map(Object.entries(members).map(([name, kind]) => [name.replace("?", ""), kind]));
  const required = Object.keys(members).filter((name) => !name.endsWith("?"));
  return (value) =>
    isObject(value) &&
    required.every((name) => name in value) &&
    Object.entries(value).every(([name, member]) => kinds.has(name) && kinds.get(name)(member));
};

/** Throws Refused("form") naming the place where the value is not of its kind. */
export function demand(kind, value, file, where = "") {
  if (!kind(value)) throw new Refused("form", { file, where });
}

export const POOLS = ["subjects", "inspectors", "conflicts"];

const attribute = (value) => typeof value === "string" || typeof value === "number";
const record = (members) => {
  const known = closed(members);
  const names = new Set(Object.keys(members).map((name) => name.replace("?", "")));
  return (value) => {
    if (!isObject(value)) return false;
    const own = Object.create(null);
    for (const [name, member] of Object.entries(value)) {
      if (names.has(name)) own[name] = member;
      else if (!attribute(member)) return false;
    }
    return known(own);
  };
};
const subject = record({ id, name: text, region: token, stratum: token, "excluded?": token });
const inspector = record({
  ...{ id, department: token, regions: listOf(token), skills: listOf(token), load: count },
  ...{ "members?": listOf(id), "capacity?": count, "excluded?": token },
});
const pair = record({ id: text, inspector: id, subject: id, ground: token });
export const RECORDS = {
  subjects: subject,
  inspectors: inspector,
  conflicts: (value) => pair(value) && value.id === `${value.inspector}:${value.subject}`,
};

const pool = closed({ root: hash, sealed: bool, size: count });
const stratum = closed({ id: token, size: count, excluded: count, take: count, "rate?": text });
const seat = closed({ seat: token, "department?": token, "skills?": listOf(token) });
const drand = closed({ kind: one("drand"), chain: hash, round: count });
const lottery = closed({ kind: one("lottery"), name: one("cn-ssq", "cn-kl8"), issue: token });
const dice = closed({ kind: one("dice"), sides: count, count });
const source = (value) => drand(value) || lottery(value) || dice(value);
const purpose = one("subject", "inspector");
const promised = closed({ party: token, body: token, purpose, commitment: hash });

export const plan = closed({
  ...{ protocol: one("dr1"), suite: one("sha256"), log: text, issuer: token, draw: token, title: text, seq: count },
  ...{ previous: hash, annual_item: token, items: listOf(token), filter: text, rules: hash },
  ...{ "closed?": listOf(one(...POOLS)), subjects: pool, inspectors: pool, conflicts: pool },
  ...{ strata: listOf(stratum), team: listOf(seat), randomness: listOf(source), secrets: listOf(promised) },
  ...{ "supersedes?": token, "carried?": listOf(id), rehearsal: bool },
  ...{ committed_at: time, due: time, result_by: time, reveal_by: time },
});

export const OBSERVED = {
  drand: closed({ signature: digits(96) }),
  lottery: closed({ groups: listOf(listOf(count)) }),
  dice: closed({ rolls: listOf(count) }),
};
const observed = (value) => Object.values(OBSERVED).some((kind) => kind(value));
const secrets = listOf(closed({ party: token, purpose, secret: hash }));
const keys = closed({ "subjects?": hash, "inspectors?": hash, "conflicts?": hash, "tasks?": hash });
const place = (value) => Array.isArray(value) && value.length === 2 && id(value[0]) && count(value[1]);
const proof = closed({ met: listOf(id), places: listOf(place), seat: token, subject: id });
const filled = (kind) => (value) => listOf(kind)(value) && value.length > 0;
export const task = closed({ draw: token, subject: id, team: listOf(closed({ inspector: id, seat: token })) });
export const replacement = closed({
  ...{ n: count, "old?": id, "new?": id, reason: token, salt: hash, "seat?": count, task },
  "conflicts?": filled((value) => typeof value === "string" && value.split(":").length === 2 && value.split(":").every(id)),
});

const ours = { draw: token, plan_hash: hash };
const ENTRIES = {
  key: { person: token, name: text, role: token, body: token, key: hash, "until?": time },
  plan: { ...ours, issuer: token, seq: count },
  observed: { ...ours, n: count, value: observed },
  beacon: { ...ours, beacon: text },
  result: { ...ours, result_root: hash, count, empty_seats: count },
  open: { ...ours, secrets, keys },
  list: { what: one("annual_plan", "item_list", "rule_set"), name: token, digest: hash },
  replace: { ...ours, n: count, what: one("subject", "inspector", "direct"), reason: token, old: hash, commitment: hash },
  void: { ...ours, reason: token, "would_be_root?": hash },
  outcome: { ...ours, subject: (value) => id(value) || hash(value), digest: hash },
  note: { text },
};
for (const [type, members] of Object.entries(ENTRIES)) ENTRIES[type] = closed({ type: one(type), at: time, ...members });
const entry = (value) => isObject(value) && Object.hasOwn(ENTRIES, value.type) && ENTRIES[value.type](value);
const note = (value) => text(value) || listOf(text)(value);
const hashes = listOf(hash);

export const FILES = {
  "signatures.json": listOf(closed({ role: one("operator", "supervisor", "party"), person: token, key: hash, signature: digits(128) })),
  "beacon.json": listOf(observed),
  "secrets.json": secrets,
  "keys.json": keys,
  "result.json": closed({ drawn: listOf(id), result_root: hash, "empty_seats?": filled(proof) }),
  "log.json": closed({ origin: text, key: hash, checkpoint: note, entries: listOf(closed({ index: count, entry, proof: hashes })) }),
};
export const witness = closed({ checkpoint: note, "proof?": hashes, "stamp?": text });
export const isProof = closed({ proof: hashes });
