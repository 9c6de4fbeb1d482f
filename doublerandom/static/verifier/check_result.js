// Checks 9 to 12 and 14: the drawn list, the deal, the fixed result, replacements, warnings.

import { H, canon, seconds } from "./canon.js";
import { hex, unhex, utf8 } from "./bytes.js";
import { level } from "./beacon.js";
import { Deal } from "./deal.js";
import { sortedRoot } from "./merkle.js";
import { ascending, hasDrand } from "./plan.js";
import { Afterwards } from "./replacing.js";
import { hmac256 } from "./sha.js";
import { select } from "./tickets.js";
import { FAILED, fail, open, passed } from "./material.js";

const FEW = 10;

export async function checkDrawn(material) {
  const { plan } = material;
  material.unlessWithheld("subjects");
  if (!material.seeds.subject) material.wait(8);
  if (!material.records.has("subjects")) material.wait(5);
  material.selection = await select(plan, material.records.get("subjects"), material.seeds.subject, material.tick);
  const { drawn, wrong } = material.selection;
  const codes = drawn.map((one) => one.id);
  const values = [["drawn", shortened(codes)], ["digest", H(codes.join(","))]];
  if (wrong) fail("carried_wrong", { subject: wrong }, values);
  if (!material.has("result.json") && !material.isDue("result.json")) open("absent_yet", { file: "result.json" }, values);
  const published = material.value("result.json").drawn;
  if (published.join() !== codes.join()) fail("drawn_differ", {}, [["published", shortened(published)], ["computed", shortened(codes)]]);
  return passed("drawn_hold", { count: codes.length }, values);
}

const shortened = (codes) => (codes.length > 6 ? `${codes.slice(0, 6).join(" ")} … (${codes.length})` : codes.join(" "));

export async function checkDeal(material) {
  const { plan } = material;
  material.unlessWithheld("subjects", "inspectors", "conflicts");
  for (const name of ["inspectors.jsonl", "conflicts.jsonl", "tasks.jsonl", "result.json"]) material.needFile(name);
  if (!material.seeds.inspector) material.wait(8);
  if (!material.selection || material.selection.wrong) material.wait(9);
  if (!material.records.has("inspectors") || !material.records.has("conflicts")) material.wait(5);
  const subjects = material.selection.drawn;
  const replaced = new Set((material.values.get("replacements.jsonl") ?? []).flatMap(({ old, task }) => [old, task.subject]));
  // a subject that came by replacement stands at another's turn: then every turn's loads are kept
  const chained = [...replaced].some((one) => one && !subjects.some(({ id }) => id === one));
  const keep = new Set([...subjects.keys()].filter((turn) => chained ? replaced.size : replaced.has(subjects[turn].id)));
  const deal = new Deal(material.seeds.inspector, plan.team, material.records.get("inspectors").map((one) => ({ ...one })), material.records.get("conflicts"), [...subjects]);
  await deal.run(keep, material.tick);
  const tasks = subjects.map(({ id }, turn) => ({ draw: plan.draw, subject: id, team: deal.told(turn) }));
  tasks.sort((one, other) => (one.subject < other.subject ? -1 : 1));
  const published = material.value("tasks.jsonl");
  const values = [["tasks", String(tasks.length)], ["empty", String(deal.empty.length)]];
  if (published.length !== tasks.length) fail("tasks_count", { wanted: tasks.length, found: published.length }, values);
  const n = tasks.findIndex((task, place) => canon(task) !== canon(published[place]));
  if (n >= 0) fail("task_differs", { subject: tasks[n].subject }, [["published", names(published[n])], ["computed", names(tasks[n])]]);
  if (canon(material.value("result.json").empty_seats ?? []) !== canon(deal.empty)) fail("empty_differ", {}, values);
  material.deal = deal;
  return passed("deal_holds", { count: tasks.length }, values);
}

const names = ({ subject, team }) => `${subject}: ${team.map(({ inspector }) => inspector).join(" ")}`;

/** Salt and commitment of a task, of the n-th replacement where there is an n. */
function commitments(key) {
  const mac = hmac256(unhex(key));
  return (task, n) => {
    const salt = hex(mac(utf8(`dr1|task|${task.subject}${n === undefined ? "" : `|${n}`}`)));
    return { salt, commitment: H(`dr1|task|${salt}|${canon(task)}`) };
  };
}

export function checkRoot(material) {
  const { plan } = material;
  if (!plan.rehearsal) resultInTime(material);
  material.unlessWithheld("subjects");
  const tasks = material.value("tasks.jsonl");
  const result = material.value("result.json");
  const key = material.value("keys.json").tasks;
  if (key === undefined) fail("key_missing", { pool: "tasks" });
  if (!ascending(tasks.map((task) => task.subject))) fail("ids_unordered", { file: "tasks.jsonl" });
  material.commit = commitments(key);
  const made = new Map(tasks.map((task) => [task.subject, material.commit(task).commitment]));
  const root = hex(sortedRoot([...made.values()].map(unhex)));
  if (root !== result.result_root) fail("result_root_differs", {}, [["published", result.result_root], ["computed", root]]);
  if (!plan.rehearsal) resultLogged(material, root, tasks.length, result.empty_seats?.length ?? 0);
  material.latest = made;
  return passed("root_holds", {}, [["root", root]]);
}

/** The `result` entry, or the void's root in its place, comes after the beacon, before anything is opened, and in time. */
function resultInTime(material) {
  const { plan } = material;
  material.value("log.json");
  if (material.findings.get(3).state === FAILED) material.wait(3);
  const [result] = material.entries("result");
  const [ended] = material.entries("void");
  const fixed = result ?? (ended?.entry.would_be_root ? ended : null);
  if (!fixed) material.absent("log.json: result");
  const [beacon] = material.entries("beacon");
  const [opened] = material.entries("open");
  if (beacon && beacon.index > fixed.index) fail("result_before_beacon");
  if (opened && opened.index < fixed.index) fail("opened_early");
  if (!result) return;
  const [by, due] = [seconds(plan.result_by), seconds(plan.due)];
  const late = hasDrand(plan) && beacon ? seconds(beacon.entry.at) + by - due : by;
  if (seconds(result.entry.at) > Math.max(by, late)) fail("result_late", {}, [["logged_at", result.entry.at], ["result_by", plan.result_by]]);
}

function resultLogged(material, root, count, empty) {
  const [result] = material.entries("result");
  const [ended] = material.entries("void");
  const logged = [result?.entry.result_root, ended?.entry.would_be_root].filter((each) => each !== undefined);
  for (const each of logged) if (each !== root) fail("logged_root_differs", {}, [["published", each], ["computed", root]]);
  if (result && (result.entry.count !== count || result.entry.empty_seats !== empty)) fail("logged_counts_differ");
}

export function checkReplacements(material) {
  const { plan } = material;
  const logged = plan.rehearsal ? [] : material.entries("replace");
  if (!plan.rehearsal) material.needLog();
  numbersHold(material, logged);
  material.unlessWithheld("subjects", "inspectors", "conflicts");
  if (!logged.length && !material.has("replacements.jsonl")) {
    material.after(10);
    return passed("no_replacements");
  }
  const lines = material.value("replacements.jsonl");
  if (lines.length !== logged.length || !lines.length) fail("replacements_count", { wanted: logged.length, found: lines.length });
  material.after(10);
  material.after(11);
  const afterwards = new Afterwards(material.deal, material.selection.reserve, plan.draw);
  lines.forEach((line, n) => {
    if (line.n !== n + 1) fail("replacement_number", { n: line.n });
    replacementLogged(material, line, afterwards.apply(line), logged[n].entry);
  });
  return passed("replacements_hold", { count: lines.length });
}

function numbersHold(material, logged) {
  if (logged.some(({ entry }, n) => entry.n !== n + 1)) fail("replacement_number", { n: logged.length });
  const [result] = material.entries("result");
  if (logged.length && (!result || logged[0].index < result.index)) fail("replaced_early");
}

function replacementLogged(material, line, { what, before, after }, entry) {
  const { salt, commitment } = material.commit(line.task, line.n);
  const same = what === entry.what && line.reason === entry.reason && line.salt === salt && commitment === entry.commitment;
  if (!same || material.latest.get(before) !== entry.old) fail("replacement_logged", { n: line.n });
  material.latest.delete(before);
  material.latest.set(after, commitment);
}

/** Level of randomness and what a reader should know; never fails. */
export function checkWarnings(material) {
  const { plan } = material;
  const warnings = [];
  for (const { id, size, excluded, take } of plan.strata) {
    if (size - excluded - take < FEW && take < size - excluded) warnings.push(["warn_few", { stratum: id }]);
  }
  if (!plan.secrets.some(({ purpose }) => purpose === "inspector")) warnings.push(["warn_no_secrets", {}]);
  const [opened] = material.entries("open");
  const late = opened ? seconds(opened.entry.at) : material.now;
  if (late > seconds(plan.reveal_by) && !plan.rehearsal) warnings.push(["warn_late", {}]);
  for (const { entry } of material.entries("void")) warnings.push(["warn_void", { reason: entry.reason }]);
  if (plan.supersedes) warnings.push(["warn_supersedes", { draw: plan.supersedes }]);
  if (plan.rehearsal) warnings.push(["warn_rehearsal", {}]);
  return { ...passed(`level_${level(plan).toLowerCase()}`), warnings };
}
