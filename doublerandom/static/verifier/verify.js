// The fourteen checks of section 11 over the files of one bundle, written from the text of the protocol alone.

import { checkDeal, checkDrawn, checkReplacements, checkRoot, checkWarnings } from "./check_result.js";
import { checkForm, readPlan } from "./check_form.js";
import { checkFate, checkHour, checkLog, checkSignatures } from "./check_log.js";
import { checkBeacon, checkPools, checkSecrets, checkSeeds } from "./check_values.js";
import { FAILED, Material, OPEN, outcome } from "./material.js";
import { unzip } from "./zip.js";

/** Read in an order in which every check finds what it needs: 3 is wanted by 2, and 13 by nothing. */
const CHECKS = [
  [1, checkForm],
  [3, checkLog],
  [2, checkSignatures],
  [4, checkHour],
  [5, checkPools],
  [6, checkBeacon],
  [7, checkSecrets],
  [8, checkSeeds],
  [9, checkDrawn],
  [10, checkDeal],
  [11, checkRoot],
  [12, checkReplacements],
  [13, checkFate],
  [14, checkWarnings],
];
export const COUNT = CHECKS.length;

/**
 * Verify files by name. `options`: {now: seconds, checkpoint, proof, witnesses}; `report(number)` is told which
 * check begins, `tick` is awaited now and then.
 */
export async function verifyFiles(files, options = {}, report = () => {}, tick = async () => {}) {
  const material = new Material(files, options, options.now ?? Date.now() / 1000, tick);
  const first = await outcome(readPlan, material);
  if (!material.plan) return summary([{ number: 1, ...first }, ...CHECKS.slice(1).map(([number]) => waits(number))], null);
  for (const [number, check] of CHECKS) {
    report(number);
    material.findings.set(number, await outcome(check, material));
    await tick(0);
  }
  const checks = [...material.findings].map(([number, finding]) => ({ number, ...finding }));
  return summary(checks, material.plan);
}

/** Verify an archive; one that is not as section 12 says fails the first check. */
export async function verifyArchive(data, options, report, tick) {
  let files = null;
  const refused = await outcome(() => {
    files = unzip(data);
  }, null);
  if (!files) return summary([{ number: 1, ...refused }, ...CHECKS.slice(1).map(([number]) => waits(number))], null);
  return verifyFiles(files, options, report, tick);
}

const waits = (number) => ({ number, state: OPEN, code: "waits", params: { number: 1 }, values: [] });

/** The checks in order, and the exit status of section 11. */
function summary(checks, plan) {
  checks.sort((one, other) => one.number - other.number);
  const has = (state) => checks.some((check) => check.state === state);
  const exit = has(FAILED) ? 1 : has(OPEN) ? 2 : 0;
  return { checks, exit, draw: plan && { number: plan.draw, title: plan.title, issuer: plan.issuer, rehearsal: plan.rehearsal } };
}
