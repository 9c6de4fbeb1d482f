// Seeds and tickets: who is drawn, in which order, and who waits in reserve (sections 5 and 6).

import { H } from "./canon.js";

const byTicket = (one, other) => (one.ticket === other.ticket ? (one.id < other.id ? -1 : 1) : one.ticket < other.ticket ? -1 : 1);

/** The seed of a purpose; `secrets` are {party, secret} of that purpose. */
export function seed(planHash, purpose, beacon, secrets, rehearsal) {
  const given = [...secrets].sort((one, other) => (one.party < other.party ? -1 : 1));
  const joined = given.map(({ party, secret }) => `${party}=${secret}`).join(",");
  return H(`${rehearsal ? "dr1-rehearsal" : "dr1"}|seed|${planHash}|${purpose}|${beacon}|${joined}`);
}

/** The drawn in ticket order and each stratum's reserve; `wrong` names a carried id that cannot be drawn first. */
export async function select(plan, records, seedOfSubjects, tick) {
  const strata = new Map(plan.strata.map((stratum) => [stratum.id, { take: stratum.take, free: [] }]));
  const carried = new Set(plan.carried ?? []);
  const missing = new Set(carried);
  let n = 0;
  for (const { id, region, stratum, excluded } of records) {
    n += 1;
    if (n % 2000 === 0) await tick(n);
    if (excluded !== undefined) continue;
    missing.delete(id);
    strata.get(stratum)?.free.push({ id, region, stratum, first: carried.has(id), ticket: H(`dr1|subject|${seedOfSubjects}|${id}`) });
  }
  const drawn = [];
  const reserve = new Map();
  let tooMany = "";
  for (const [stratum, { take, free }] of strata) {
    free.sort((one, other) => Number(other.first) - Number(one.first) || byTicket(one, other));
    drawn.push(...free.slice(0, take));
    reserve.set(stratum, free.slice(take));
    tooMany ||= free[take]?.first ? free[take].id : "";
  }
  return { drawn: drawn.sort(byTicket), reserve, wrong: [...missing][0] ?? tooMany };
}
