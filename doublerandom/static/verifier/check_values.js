// Checks 5 to 8: pools and roots, observed randomness, secrets and keys, seeds.

import { H, canon, seconds } from "./canon.js";
import { beaconText, valueHolds } from "./beacon.js";
import { ascending, broken, hasDrand } from "./plan.js";
import { leavesRoot, poolRoot, strataCounts } from "./pools.js";
import { seed } from "./tickets.js";
import { Ending, FAILED, fail, open, passed } from "./material.js";
import { POOLS } from "./shapes.js";

const DAY = 24 * 3600;

export async function checkPools(material) {
  const values = [];
  const endings = [];
  for (const pool of POOLS) {
    try {
      values.push([pool, await checkPool(material, pool)]);
    } catch (problem) {
      if (!(problem instanceof Ending)) throw problem;
      endings.push(problem);
      values.push(...problem.values);
    }
  }
  const worst = endings.find(({ state }) => state === FAILED) ?? endings[0];
  if (worst) throw new Ending(worst.state, worst.code, worst.params, values);
  return passed("pools_hold", { count: material.plan.subjects.size }, values);
}

async function checkPool(material, pool) {
  const { plan } = material;
  if (material.isWithheld(pool)) checkLeaves(material, pool);
  const name = `${pool}.jsonl`;
  const records = material.value(name);
  if (!ascending(records.map((record) => record.id))) fail("ids_unordered", { file: name });
  if (records.length !== plan[pool].size) fail("pool_size", { pool, wanted: plan[pool].size, found: records.length });
  const key = plan[pool].sealed ? material.value("keys.json")[pool] : null;
  if (key === undefined) fail("key_missing", { pool });
  const root = await poolRoot(pool, material.files.get(name), records, key, material.tick);
  if (root !== plan[pool].root) fail("root_differs", { pool }, [["published", plan[pool].root], ["computed", root]]);
  if (pool === "subjects") strataHold(plan, records);
  if (pool === "conflicts" && !material.isClosed(pool) && records.some(({ ground }) => ground !== "barred")) fail("ground_told");
  material.records.set(pool, records);
  return root;
}

function checkLeaves(material, pool) {
  const { size, root } = material.plan[pool];
  const leaves = material.value(`${pool}.leaves`);
  if (!ascending(leaves)) fail("ids_unordered", { file: `${pool}.leaves` });
  if (leaves.length !== size) fail("pool_size", { pool, wanted: size, found: leaves.length });
  const found = leavesRoot(leaves);
  if (found !== root) fail("root_differs", { pool }, [["published", root], ["computed", found]]);
  open("leaves_hold", { pool }, [[pool, found]]);
}

function strataHold({ strata }, records) {
  const counts = strataCounts(records);
  const differs = strata.find(({ id, size, excluded }) => counts.get(id)?.size !== size || counts.get(id)?.excluded !== excluded);
  if (differs) fail("stratum_counts", { stratum: differs.id });
  if (counts.size !== strata.length) fail("stratum_counts", { stratum: [...counts.keys()].find((id) => !strata.some((one) => one.id === id)) });
}

export function checkBeacon(material) {
  const { plan } = material;
  for (const code of broken(plan, 6)) fail(code);
  const seen = plan.randomness.length || material.has("beacon.json") ? material.value("beacon.json") : [];
  if (seen.length !== plan.randomness.length) fail("beacon_count", { wanted: plan.randomness.length, found: seen.length });
  plan.randomness.forEach((source, n) => {
    if (!valueHolds(source, seen[n])) fail(source.kind === "drand" ? "drand_bad" : "value_bad", { n: n + 1 });
  });
  material.beacon = beaconText(plan.randomness, seen);
  const values = [["beacon", material.beacon || "–"]];
  if (!plan.rehearsal) beaconLogged(material, seen, values);
  return passed(plan.randomness.some(({ kind }) => kind === "drand") ? "beacon_drand" : "beacon_holds", {}, values);
}

/** The log observed each value once, in time and before the beacon, and has this beacon's text. */
function beaconLogged(material, seen, values) {
  material.value("log.json");
  if (material.findings.get(3).state === FAILED) material.wait(3);
  const { plan } = material;
  const [due, mixed] = [seconds(plan.due), hasDrand(plan)];
  const [beacon] = material.entries("beacon");
  if (!beacon && plan.randomness.length) fail("beacon_unlogged", {}, values);
  if (beacon && beacon.entry.beacon !== material.beacon) fail("beacon_differs", {}, [["published", beacon.entry.beacon], ["computed", material.beacon]]);
  const observed = material.entries("observed");
  for (const { index, entry } of observed) {
    if (entry.n >= seen.length || canon(entry.value) !== canon(seen[entry.n])) fail("observed_differs", { index }, values);
    if (index > beacon.index) fail("observed_late", { index }, values);
    if (mixed && plan.randomness[entry.n].kind !== "drand" && seconds(entry.at) >= due) fail("observed_late", { index }, values);
  }
  if (new Set(observed.map(({ entry }) => entry.n)).size !== observed.length) fail("observed_twice", {}, values);
  if (observed.length !== seen.length) fail("observed_missing", {}, values);
  if (beacon && mixed && seconds(beacon.entry.at) < due) fail("beacon_early", {}, values);
  if (beacon && mixed && seconds(beacon.entry.at) > due + 3 * DAY) fail("beacon_late", {}, values);
}

/** What of the secrets and keys this bundle, and the log for the public, must tell. */
function told(plan, isShut) {
  const secrets = plan.secrets.filter(({ purpose }) => !(isShut("subjects") && purpose === "subject"));
  const keys = POOLS.filter((pool) => plan[pool].sealed && !isShut(pool));
  return { secrets, keys: isShut("subjects") ? keys : [...keys, "tasks"] };
}

export function checkSecrets(material) {
  const { plan } = material;
  for (const code of broken(plan, 7)) fail(code);
  const given = material.value("secrets.json");
  const wanted = told(plan, (pool) => material.isWithheld(pool));
  if (given.length !== wanted.secrets.length) fail("secrets_count", { wanted: wanted.secrets.length, found: given.length });
  given.forEach(({ party, purpose, secret }, n) => {
    const made = H(`dr1|secret|${plan.issuer}|${plan.draw}|${purpose}|${party}|${secret}`);
    const promised = wanted.secrets[n];
    if (party !== promised.party || purpose !== promised.purpose) fail("secrets_order");
    if (made !== promised.commitment) fail("secret_differs", { party, purpose }, [["published", promised.commitment], ["computed", made]]);
  });
  material.secrets = given;
  const keys = material.value("keys.json");
  if (Object.keys(keys).sort().join() !== [...wanted.keys].sort().join()) fail("keys_wrong", { wanted: wanted.keys.join(", ") });
  if (new Set(Object.values(keys)).size !== wanted.keys.length) fail("keys_twice");
  if (!plan.rehearsal) openedAlike(material, given, keys);
  if (wanted.secrets.length < plan.secrets.length) open("secrets_closed", { count: given.length });
  return passed("secrets_hold", { count: given.length });
}

/** The log's `open` entry tells the public the same secrets and keys. */
function openedAlike(material, given, keys) {
  material.value("log.json");
  if (material.findings.get(3).state === FAILED) material.wait(3);
  const [opened] = material.entries("open");
  if (!opened) fail("open_unlogged");
  const allowed = told(material.plan, (pool) => material.isClosed(pool));
  const names = new Set(allowed.secrets.map(({ party, purpose }) => `${party}|${purpose}`));
  const secrets = given.filter(({ party, purpose }) => names.has(`${party}|${purpose}`));
  const shown = Object.fromEntries(allowed.keys.map((name) => [name, keys[name]]));
  if (canon(opened.entry.secrets) !== canon(secrets) || canon(opened.entry.keys) !== canon(shown)) fail("open_differs");
}

export function checkSeeds(material) {
  const { plan, planHash } = material;
  material.after(6);
  const values = [];
  for (const purpose of ["subject", "inspector"]) {
    const wanted = plan.secrets.filter((one) => one.purpose === purpose).length;
    const mine = (material.secrets ?? []).filter((one) => one.purpose === purpose);
    if (mine.length !== wanted) continue;
    material.seeds[purpose] = seed(planHash, purpose, material.beacon, mine, plan.rehearsal);
    values.push([`seed_${purpose}`, material.seeds[purpose]]);
  }
  if (values.length === 2 && material.findings.get(7).state !== FAILED) return passed("seeds_hold", {}, values);
  const wait = material.findings.get(7).code === "secrets_closed" ? ["seeds_closed", {}] : ["waits", { number: 7 }];
  return open(...wait, values);
}
