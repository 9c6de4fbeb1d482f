// Bytes, hex, base64 and UTF-8, each in its one spelling; whatever else is refused.

const writer = new TextEncoder();
const reader = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const DIGITS = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, "0"));
const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export const utf8 = (text) => writer.encode(text);

/** The text of UTF-8 bytes; throws where they are none. A byte-order mark stays in it. */
export const textOf = (data) => reader.decode(data);

export function hex(data) {
  let text = "";
  for (const byte of data) text += DIGITS[byte];
  return text;
}

/** Bytes of lower-case hex digits that were checked already. */
export function unhex(text) {
  const data = new Uint8Array(text.length / 2);
  for (let i = 0; i < data.length; i += 1) data[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return data;
}

export function join(...parts) {
  const data = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    data.set(part, at);
    at += part.length;
  }
  return data;
}

export function base64(data) {
  let text = "";
  for (let i = 0; i < data.length; i += 3) {
    const left = data.length - i;
    const bits = (data[i] << 16) | ((data[i + 1] ?? 0) << 8) | (data[i + 2] ?? 0);
    text += LETTERS[bits >> 18] + LETTERS[(bits >> 12) & 63];
    text += (left > 1 ? LETTERS[(bits >> 6) & 63] : "=") + (left > 2 ? LETTERS[bits & 63] : "=");
  }
  return text;
}

/** Bytes of padded base64, or null where the text is not exactly what these bytes are written as. */
export function unbase64(text) {
  const body = text.replace(/=+$/, "");
  const data = new Uint8Array(Math.floor((body.length * 3) / 4));
  let bits = 0;
  let held = 0;
  let at = 0;
  for (const letter of body) {
    const value = LETTERS.indexOf(letter);
    if (value < 0) return null;
    bits = ((bits << 6) | value) & 0xffff;
    held += 6;
    if (held >= 8) {
      held -= 8;
      data[at] = (bits >> held) & 0xff;
      at += 1;
    }
  }
  return base64(data) === text ? data : null;
}

/** An unsigned integer of big-endian bytes. */
export const bigOf = (data) => BigInt(`0x0${hex(data)}`);

/** `length` big-endian bytes of an unsigned integer. */
export const bytesOf = (value, length) => unhex(value.toString(16).padStart(2 * length, "0"));

export const same = (one, other) => one.length === other.length && one.every((byte, i) => byte === other[i]);

/** Order of bytes; all are of one length. */
export function compareBytes(one, other) {
  for (let i = 0; i < one.length; i += 1) if (one[i] !== other[i]) return one[i] - other[i];
  return 0;
}
