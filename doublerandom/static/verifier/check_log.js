// Checks 2, 3, 4 and 13: signatures, inclusion in the log, the hour of the commitment, the draw's fate.

import { Refused, canon, parse, seconds } from "./canon.js";
import { hex, unhex, utf8 } from "./bytes.js";
import { isSigned } from "./ed25519.js";
import { isConsistent, leafHash, rootByInclusion } from "./merkle.js";
import { cosigned, isLogs, noteText, readNote, readWitness, rootName } from "./note.js";
import { NONE, fail, open, passed } from "./material.js";
import { isProof, witness as witnessForm } from "./shapes.js";

const ROLES = ["operator", "supervisor"];

export function checkSignatures(material) {
  const { plan, planHash } = material;
  const signatures = material.value("signatures.json");
  const text = utf8(`dr1|plan|${canon(plan)}`);
  const wanted = ROLES.map((role) => ({ role, text }));
  if (!plan.randomness.length) {
    for (const { party, body, commitment } of plan.secrets) wanted.push({ role: "party", person: party, body, text: utf8(`dr1|commit|${commitment}`) });
  }
  if (signatures.length !== wanted.length) fail("signatures_count", { wanted: wanted.length, found: signatures.length });
  signatures.forEach((signature, n) => {
    const { role, person = signature.person } = wanted[n];
    if (signature.role !== role || signature.person !== person) fail("signer_wrong", { person: signature.person, role: signature.role });
    if (!isSigned(signature.key, wanted[n].text, signature.signature)) fail("signature_bad", { person: signature.person });
  });
  const people = new Map(signatures.map(({ person, key }) => [`${person} ${key}`, [person, key]]));
  for (const side of [0, 1]) if (new Set([...people.values()].map((pair) => pair[side])).size !== people.size) fail("one_person");
  if (people.size < 2) fail("one_person");
  if (plan.rehearsal && !material.has("log.json")) open("no_keys");
  material.value("log.json");
  if (plan.rehearsal) inclusion(material);
  signatures.forEach((signature, n) => keyListed(material, signature, wanted[n].body));
  return passed("signatures_hold", {}, [["signed", signatures.slice(0, 2).map((one) => `${one.role} ${one.person}`).join(", ")], ["plan_hash", planHash]]);
}

/** The log lists the key for this person and role, before the plan and not run out. */
function keyListed(material, { role, person, key }, body) {
  const [planned] = material.entries("plan");
  const listed = material.value("log.json").entries.some(
    ({ index, entry }) =>
      entry.type === "key" &&
      ["person", "role", "key"].every((name) => entry[name] === { person, role, key }[name]) &&
      (body === undefined || entry.body === body) &&
      (material.plan.rehearsal || (planned && index < planned.index)) &&
      (!("until" in entry) || seconds(entry.until) > seconds(material.plan.committed_at)),
  );
  if (!listed) fail("key_unlisted", { person });
}

/** The checkpoint's signature and every entry's proof. Gives the checkpoint. */
function inclusion(material) {
  const log = material.value("log.json");
  const note = readNote(noteText(log.checkpoint));
  if (log.origin !== material.plan.log) fail("other_log", {}, [["published", material.plan.log], ["found", log.origin]]);
  if (!note || !isLogs(note, log.origin, log.key)) fail("checkpoint_bad");
  let last = { index: -1, at: -Infinity };
  for (const { index, entry, proof } of log.entries) {
    if (index <= last.index) fail("entries_unordered", { index });
    if (seconds(entry.at) < last.at) fail("time_falls", { index });
    last = { index, at: seconds(entry.at) };
    const root = index < note.size && rootByInclusion(leafHash(utf8(canon(entry))), index, note.size, proof.map(unhex));
    if (!root || hex(root) !== hex(note.root)) fail("not_included", { index });
  }
  return note;
}

/** The entry of the plan stands first of this draw's, and no entry mixes draws. */
function entriesOurs({ plan, planHash, values }) {
  let planned = false;
  for (const { index, entry } of values.get("log.json").entries) {
    const mine = entry.plan_hash === planHash;
    const elsewhere = entry.type === "plan" && entry.issuer !== plan.issuer;
    if (!mine && entry.draw === plan.draw && !elsewhere) fail("entry_of_another", { index });
    if (!mine) continue;
    if (entry.draw !== plan.draw) fail("entry_of_another", { index });
    if (entry.type === "plan" && (entry.issuer !== plan.issuer || entry.seq !== plan.seq)) fail("entry_of_another", { index });
    if (entry.type !== "plan" && !planned) fail("before_plan", { index });
    planned = true;
  }
  if (!planned) fail("plan_unlogged");
}

export function checkLog(material) {
  if (material.plan.rehearsal) return { state: NONE, code: "rehearsal", params: {}, values: [] };
  const note = inclusion(material);
  material.note = note;
  entriesOurs(material);
  const values = [["checkpoint", rootName(note)]];
  const count = material.values.get("log.json").entries.length;
  if (!material.outside.checkpoint) return passed("included", { count }, values);
  consistentWithOwn(material, note, values);
  return passed("consistent", { count }, values);
}

function consistentWithOwn({ outside, values: files }, note, values) {
  const log = files.get("log.json");
  const own = readNote(outside.checkpoint.endsWith("\n") ? outside.checkpoint : `${outside.checkpoint}\n`);
  if (!own || !isLogs(own, log.origin, log.key)) fail("own_bad");
  values.push(["own", rootName(own)]);
  const [first, second] = [own.size, note.size].sort((one, other) => one - other);
  if (!outside.proof && first !== second) open("own_needs_proof", { first, second }, values);
  const proof = outside.proof && first !== second ? readProof(outside.proof) : [];
  if (!proof || !agree(own, note, proof)) fail("inconsistent", {}, values);
}

/** Whether of two checkpoints of a log the larger one's tree begins with the smaller one's. */
function agree(one, other, proof) {
  const [old, fresh] = one.size < other.size ? [one, other] : [other, one];
  return isConsistent(old.size, fresh.size, old.root, fresh.root, proof);
}

/** The hashes of a proof as /log/proof/consistency gives it, white space aside; null where it is none. */
function readProof(text) {
  try {
    const value = parse(text.replace(/\s/g, ""));
    return isProof(value) ? value.proof.map(unhex) : null;
  } catch (problem) {
    if (problem instanceof Refused) return null;
    throw problem;
  }
}

export function checkHour(material) {
  if (material.plan.rehearsal) return { state: NONE, code: "rehearsal", params: {}, values: [] };
  material.needLog();
  const [planned] = material.entries("plan");
  const due = seconds(material.plan.due);
  const values = [["logged_at", planned.entry.at], ["due", material.plan.due]];
  if (seconds(planned.entry.at) >= due) fail("logged_late", {}, values);
  const trusted = (material.outside.witnesses ?? []).map(readWitness);
  if (trusted.includes(null)) fail("witness_key_bad");
  if (!material.has("witness.json")) open("own_clock", {}, values);
  const evidence = material.value("witness.json");
  if (typeof evidence !== "object" || !("checkpoint" in evidence)) open("own_clock", {}, values);
  const note = witnessedNote(material, evidence);
  if (note.size <= planned.index) fail("witness_early", {}, values);
  const times = cosigned(note, trusted);
  if (!times.length && "stamp" in evidence) open("witness_stamp", {}, values);
  if (!times.length) open("witness_unknown", {}, values);
  if (!times.some((at) => at < due)) fail("witnessed_late", {}, values);
  return passed("witnessed", {}, values);
}

/** The checkpoint in witness.json: the log's, and bound to the bundle's by its proof. */
function witnessedNote({ note: present, values }, evidence) {
  const log = values.get("log.json");
  const note = witnessForm(evidence) ? readNote(noteText(evidence.checkpoint)) : null;
  if (!note || !isLogs(note, log.origin, log.key)) fail("witness_bad");
  if (!("proof" in evidence) && note.size !== present.size) open("witness_no_proof");
  if (!agree(note, present, (evidence.proof ?? []).map(unhex))) fail("witness_bad");
  return note;
}

export function checkFate(material) {
  const { plan } = material;
  if (plan.rehearsal) return { state: NONE, code: "rehearsal", params: {}, values: [] };
  material.needLog();
  const { entries } = material.value("log.json");
  nothingTwice(entries);
  const before = entries.find(({ entry }) => entry.type === "plan" && entry.issuer === plan.issuer && entry.seq === plan.seq - 1);
  if (before && before.entry.plan_hash !== plan.previous) fail("previous_differs", {}, [["published", plan.previous], ["found", before.entry.plan_hash]]);
  const [planned] = material.entries("plan");
  const annual = entries.filter(({ entry }) => entry.type === "list" && entry.what === "annual_plan");
  if (annual.length && annual.every(({ index }) => index > planned.index)) fail("annual_late");
  const [ended] = material.entries("void");
  const outcomes = material.entries("outcome");
  if (ended && outcomes.some(({ index }) => index < ended.index)) fail("void_after_visit");
  outcomesHold(material, outcomes, Boolean(ended));
  open(`fate_${fate(material, ended)}`);
}

function fate(material, ended) {
  if (ended) return "void";
  if (material.entries("result").length) return "result";
  return material.now > seconds(material.plan.result_by) ? "failed" : "live";
}

/** No second plan, beacon, result or open for one plan, no value observed twice, no number used twice by one issuer. */
function nothingTwice(entries) {
  const seen = new Set();
  const once = (index, ...name) => {
    const text = name.join(" ");
    if (seen.has(text)) fail("twice", { index });
    seen.add(text);
  };
  for (const { index, entry } of entries) {
    if (["plan", "beacon", "result", "open"].includes(entry.type)) once(index, entry.type, entry.plan_hash);
    if (entry.type === "observed") once(index, "observed", entry.plan_hash, entry.n);
    if (entry.type === "replace") once(index, "replace", entry.plan_hash, entry.n);
    if (entry.type === "plan") {
      once(index, "seq", entry.issuer, entry.seq);
      once(index, "draw", entry.issuer, entry.draw);
    }
  }
}

/** The names that outcomes may have, and those that must have one: subjects, or their tasks' commitments where subjects are closed. */
function visited(material) {
  const tasks = material.values.get("tasks.jsonl");
  if (!tasks || !material.commit) return null;
  const name = material.isClosed("subjects") ? (task, n) => material.commit(task, n).commitment : (task) => task.subject;
  const standing = new Map(tasks.map((task) => [task.subject, name(task)]));
  const ever = new Set(standing.values());
  for (const { old, seat, n, task } of material.values.get("replacements.jsonl") ?? []) {
    if (seat === undefined) standing.delete(old);
    standing.set(task.subject, name(task, n));
    ever.add(name(task, n));
  }
  return { ever, standing: new Set(standing.values()) };
}

/** Outcomes are of somebody drawn; after reveal_by everybody who was to be visited has one in time. */
function outcomesHold(material, outcomes, isVoid) {
  const by = seconds(material.plan.reveal_by);
  const names = visited(material);
  if (!names) return;
  for (const { index, entry } of outcomes) if (!names.ever.has(entry.subject)) fail("outcome_of_nobody", { index });
  if (isVoid || material.now <= by || !material.entries("result").length) return;
  const done = new Set(outcomes.filter(({ entry }) => seconds(entry.at) <= by).map(({ entry }) => entry.subject));
  const missing = [...names.standing].filter((name) => !done.has(name));
  if (missing.length) fail("no_outcome", { count: missing.length, subject: missing[0] });
}
