// Checkpoints: C2SP signed notes of the log, and the cosignatures of witnesses (sections 3 and 10).

import { base64, bigOf, hex, join, same, unbase64, utf8 } from "./bytes.js";
import { isSigned } from "./ed25519.js";
import { sha256 } from "./sha.js";

const SIZE = /^(0|[1-9][0-9]{0,15})$/;
const LINE = /^— ([^\s+]+) ([A-Za-z0-9+/]+=*)$/;
const ED25519 = 1;
const COSIGNATURE = 4;

const keyId = (name, kind, key) => sha256(join(utf8(`${name}\n`), Uint8Array.of(kind), key)).subarray(0, 4);

/** The text of a checkpoint that stands as one text or as the list of its lines. */
export const noteText = (value) => (Array.isArray(value) ? `${value.join("\n")}\n` : value);

/** {origin, size, root, body, signatures: [{name, data}]} of a note's text, or null where it is none. */
export function readNote(text) {
  const lines = text.split("\n");
  if (lines.length < 6 || lines.at(-1) !== "" || lines[3] !== "" || lines[0] === "") return null;
  const root = unbase64(lines[2]);
  const signatures = lines.slice(4, -1).map((line) => {
    const parts = LINE.exec(line);
    const data = parts && unbase64(parts[2]);
    return data && data.length > 4 ? { name: parts[1], data } : null;
  });
  if (!SIZE.test(lines[1]) || !root || root.length !== 32 || signatures.includes(null)) return null;
  return { origin: lines[0], size: Number(lines[1]), root, body: utf8(`${lines.slice(0, 3).join("\n")}\n`), signatures };
}

/** Whether the first signature of a note is the log's own. */
export function isLogs(note, origin, key) {
  const { name, data } = note.signatures[0];
  if (note.origin !== origin || name !== origin || data.length !== 68) return false;
  return same(data.subarray(0, 4), keyId(origin, ED25519, bytesOfKey(key))) && isSigned(key, note.body, hex(data.subarray(4)));
}

const bytesOfKey = (key) => Uint8Array.from(key.match(/../g), (pair) => parseInt(pair, 16));

/** {name, id, key} of a witness's public key as it hands it out, `name+id+base64`, or null. */
export function readWitness(line) {
  const parts = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+=*)$/.exec(line);
  const data = parts && unbase64(parts[3]);
  if (!data || data.length !== 33 || data[0] !== COSIGNATURE) return null;
  const key = data.subarray(1);
  const id = keyId(parts[1], COSIGNATURE, key);
  return hex(id) === parts[2] ? { name: parts[1], id, key: hex(key) } : null;
}

/** The times in seconds at which trusted witnesses cosigned a note. */
export function cosigned(note, witnesses) {
  return note.signatures.flatMap(({ name, data }) => {
    const witness = witnesses.find((one) => one.name === name && same(one.id, data.subarray(0, 4)));
    if (!witness || data.length !== 76) return [];
    const at = bigOf(data.subarray(4, 12));
    const message = join(utf8(`cosignature/v1\ntime ${at}\n`), note.body);
    return isSigned(witness.key, message, hex(data.subarray(12))) ? [Number(at)] : [];
  });
}

export const rootName = (note) => `${note.size} ${base64(note.root)}`;
