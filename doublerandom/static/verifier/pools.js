// Pools: their records, and the roots that commit to them (section 2).

import { Refused, decoded, lines, parse } from "./canon.js";
import { compareBytes, hex, join, unhex, utf8 } from "./bytes.js";
import { Tree, leafHash } from "./merkle.js";
import { hmac256, sha256 } from "./sha.js";
import { RECORDS, hash } from "./shapes.js";

const STRIDE = 2000; // lines between two looks at the clock

/** The records of a pool's file in the file's order. Throws Refused where a line is not canonical or not closed. */
export async function readRecords(pool, data, tick) {
  const records = [];
  for (const line of lines(data)) {
    const record = parse(decoded(line));
    if (!RECORDS[pool](record)) throw new Refused("form", { file: `${pool}.jsonl`, where: String(records.length + 1) });
    records.push(record);
    if (records.length % STRIDE === 0) await tick(line.byteOffset - data.byteOffset);
  }
  return records;
}

/** The root over a pool's file, and whether its ids ascend; `key` (hex) where the pool is sealed. */
export async function poolRoot(pool, data, records, key, tick) {
  const leaf = key === null ? (line) => line : sealer(pool, key);
  const tree = new Tree();
  const sealed = [];
  let n = 0;
  for (const line of lines(data)) {
    const made = leaf(line, records[n].id);
    if (key === null) tree.add(leafHash(made));
    else sealed.push(made);
    n += 1;
    if (n % STRIDE === 0) await tick(line.byteOffset - data.byteOffset);
  }
  for (const made of sealed.sort(compareBytes)) tree.add(leafHash(made));
  return hex(tree.root());
}

/** H("dr1|leaf|" ‖ salt ‖ "|" ‖ canon(record)) of a line and its id, as bytes. */
function sealer(pool, key) {
  const mac = hmac256(unhex(key));
  return (line, id) => {
    const salt = hex(mac(utf8(`dr1|salt|${pool}|${id}`)));
    return sha256(join(utf8(`dr1|leaf|${salt}|`), line));
  };
}

/** The leaves of a closed pool's file: hex, ascending by value, none twice. Gives null where they do not ascend. */
export function readLeaves(pool, data) {
  const leaves = [...lines(data)].map((line) => decoded(line));
  if (!leaves.every(hash)) throw new Refused("form", { file: `${pool}.leaves`, where: "" });
  return leaves;
}

export function leavesRoot(leaves) {
  const tree = new Tree();
  for (const leaf of leaves) tree.add(leafHash(unhex(leaf)));
  return hex(tree.root());
}

/** Size and number of excluded records of each stratum. */
export function strataCounts(records) {
  const counts = new Map();
  for (const { stratum, excluded } of records) {
    const found = counts.get(stratum) ?? counts.set(stratum, { size: 0, excluded: 0 }).get(stratum);
    found.size += 1;
    if (excluded !== undefined) found.excluded += 1;
  }
  return counts;
}
