// Check 1: canonical bytes, closed and typed objects, the plan's rules and hash.

import { H, Refused, canon, decoded, lines, parse, parseFile } from "./canon.js";
import { readLeaves, readRecords } from "./pools.js";
import { broken } from "./plan.js";
import { fail, passed } from "./material.js";
import { FILES, POOLS, demand, plan as planForm, replacement, task } from "./shapes.js";

const NAMES = [
  ...["plan.json", "signatures.json", "beacon.json", "secrets.json", "keys.json", "tasks.jsonl", "result.json"],
  ...["replacements.jsonl", "rules.json", "log.json", "witness.json", "verify.py", "README.txt"],
  ...POOLS.map((pool) => `${pool}.jsonl`),
];

/** Read the plan; where it is no plan nothing else can be checked. */
export function readPlan(material) {
  if (!material.has("plan.json")) fail("no_plan");
  const plan = parseFile(material.files.get("plan.json"));
  demand(planForm, plan, "plan.json");
  material.plan = plan;
  material.planHash = H(`dr1|plan|${canon(plan)}`);
}

export async function checkForm(material) {
  const { plan } = material;
  const values = [["plan_hash", material.planHash]];
  const first = await readFiles(material);
  namesHold(material);
  if (first) fail(first.code, first.params, values);
  for (const code of broken(plan, 1)) fail(code, {}, values);
  if (plan.rehearsal && material.values.get("log.json")?.entries.some(({ entry }) => entry.type !== "key")) fail("rehearsal_logged", {}, values);
  if (material.has("rules.json")) {
    const found = H(canon(material.value("rules.json")));
    if (found !== plan.rules) fail("rules_differ", {}, [["published", plan.rules], ["computed", found]]);
  } else if (material.isDue("rules.json")) fail("absent_due", { file: "rules.json" }, values);
  return passed("form_holds", { files: material.files.size }, values);
}

/** Only names of section 12, and only those that this plan's bundle may have. */
function namesHold(material) {
  const closed = material.plan.closed ?? [];
  const leaves = closed.map((pool) => `${pool}.leaves`);
  for (const name of material.files.keys()) if (![...NAMES, ...leaves].includes(name)) fail("no_such_file", { file: name });
  const opened = closed.filter((pool) => material.has(`${pool}.jsonl`));
  if (opened.length && leaves.some((name) => material.has(name))) fail("half_closed");
  const shut = [];
  if (leaves.includes("subjects.leaves") && !opened.includes("subjects")) shut.push("tasks.jsonl", "result.json", "replacements.jsonl");
  if (material.plan.rehearsal) shut.push("replacements.jsonl");
  for (const name of shut) if (material.has(name)) fail("no_such_file", { file: name });
}

/** Parse every file; those refused are kept with the reason. Gives the first. */
async function readFiles(material) {
  let first = null;
  for (const [name, data] of material.files) {
    if (name === "verify.py" || name === "README.txt" || name === "plan.json") continue;
    try {
      material.values.set(name, await read(material, name, data));
    } catch (problem) {
      if (!(problem instanceof Refused)) throw problem;
      const refusal = new Refused(problem.code, { ...problem.params, file: name });
      material.refused.set(name, refusal);
      first ??= refusal;
    }
  }
  return first;
}

async function read(material, name, data) {
  const [stem, ending] = name.split(".");
  if (POOLS.includes(stem) && ending === "jsonl") return readRecords(stem, data, material.tick);
  if (POOLS.includes(stem) && ending === "leaves") return readLeaves(stem, data);
  if (name === "tasks.jsonl" || name === "replacements.jsonl") return readLines(name, data);
  if (!NAMES.includes(name)) return null;
  const noted = name === "log.json" || name === "witness.json";
  const value = parseFile(data, noted);
  if (noted) checkpointAlone(value, name);
  if (FILES[name]) demand(FILES[name], value, name);
  return value;
}

/** Line ends stand in no string but the checkpoint. */
function checkpointAlone(value, file) {
  const rest = typeof value === "object" && typeof value.checkpoint === "string" ? { ...value, checkpoint: "" } : value;
  if (canon(rest).includes("\\n") && hasLineEnd(rest)) throw new Refused("form", { file, where: "" });
}

function hasLineEnd(value) {
  if (typeof value === "string") return value.includes("\n");
  return typeof value === "object" && Object.values(value).some(hasLineEnd);
}

function readLines(name, data) {
  const kind = name === "tasks.jsonl" ? task : replacement;
  return [...lines(data)].map((line, n) => {
    const value = parse(decoded(line));
    demand(kind, value, name, String(n + 1));
    return value;
  });
}
