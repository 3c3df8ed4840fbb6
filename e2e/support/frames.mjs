// WebSocket frames by hand (RFC 6455, section 5): a server that must be able to break every rule
// cannot be built on a library that keeps them.

import { createHash } from 'node:crypto';

export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/** The answer to `Sec-WebSocket-Key` (section 4.2.2). */
export const acceptKey = (key) =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

/** One frame of a server: unmasked, its length in the shortest form. */
export function frame(opcode, payload = '', { fin = true } = {}) {
  const body = Buffer.from(payload);
  const first = (fin ? 0x80 : 0) | opcode;
  let head;
  if (body.length < 126) {
    head = Buffer.from([first, body.length]);
  } else if (body.length < 65_536) {
    head = Buffer.from([first, 126, 0, 0]);
    head.writeUInt16BE(body.length, 2);
  } else {
    head = Buffer.alloc(10);
    head.set([first, 127]);
    head.writeBigUInt64BE(BigInt(body.length), 2);
  }
  return Buffer.concat([head, body]);
}

/** A close frame; without a code it is empty. */
export function closeFrame(code, reason = '') {
  if (code === undefined) return frame(CLOSE);
  const body = Buffer.alloc(2 + Buffer.byteLength(reason));
  body.writeUInt16BE(code, 0);
  body.write(reason, 2);
  return frame(CLOSE, body);
}

/** Puts the frames of a client together from what arrives, whatever the pieces. */
export class FrameReader {
  #rest = Buffer.alloc(0);
  #message = null;

  /** The whole messages and control frames that `chunk` completed: `{opcode, payload}`. */
  read(chunk) {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const complete = [];
    for (let one = this.#take(); one; one = this.#take()) {
      const { fin, opcode, payload } = one;
      if (opcode >= CLOSE) {
        complete.push({ opcode, payload });
        continue;
      }
      this.#message ??= { opcode, parts: [] };
      this.#message.parts.push(payload);
      if (fin) {
        complete.push({ opcode: this.#message.opcode, payload: Buffer.concat(this.#message.parts) });
        this.#message = null;
      }
    }
    return complete;
  }

  #take() {
    const rest = this.#rest;
    if (rest.length < 2) return null;
    let length = rest[1] & 0x7f;
    let at = 2;
    if (length === 126) {
      if (rest.length < 4) return null;
      length = rest.readUInt16BE(2);
      at = 4;
    } else if (length === 127) {
      if (rest.length < 10) return null;
      length = Number(rest.readBigUInt64BE(2));
      at = 10;
    }
    const masked = (rest[1] & 0x80) !== 0;
    const start = at + (masked ? 4 : 0);
    if (rest.length < start + length) return null;
    const payload = Buffer.from(rest.subarray(start, start + length));
    if (masked) {
      const mask = rest.subarray(at, start);
      for (let i = 0; i < payload.length; i += 1) payload[i] ^= mask[i & 3];
    }
    this.#rest = rest.subarray(start + length);
    return { fin: (rest[0] & 0x80) !== 0, opcode: rest[0] & 0x0f, payload };
  }
}
