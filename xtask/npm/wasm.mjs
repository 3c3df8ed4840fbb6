// The parts of a wasm module that name things: imports, exports, custom sections.

const IMPORT = 2;
const EXPORT = 7;
const CUSTOM = 0;

/** A wasm file as its sections, imports and exports decoded. */
export class Module {
  constructor(bytes) {
    if (bytes.readUInt32BE(0) !== 0x0061736d) throw new Error("not a wasm file");
    const reader = new Reader(bytes, 8);
    this.head = bytes.subarray(0, 8);
    this.sections = [];
    this.imports = [];
    this.exports = [];
    while (reader.at < bytes.length) {
      const id = reader.byte();
      const body = reader.take(reader.number());
      if (id === IMPORT) this.imports = imports(new Reader(body, 0));
      if (id === EXPORT) this.exports = exports(new Reader(body, 0));
      // Names and other remarks for debuggers, which take no part in the program.
      if (id !== CUSTOM) this.sections.push({ id, body });
    }
  }

  bytes() {
    const parts = [this.head];
    for (const { id, body } of this.sections) {
      let content = body;
      if (id === IMPORT) {
        content = list(this.imports, ({ module, name, type }) => [text(module), text(name), type]);
      } else if (id === EXPORT) {
        content = list(this.exports, ({ name, item }) => [text(name), item]);
      }
      parts.push(Buffer.from([id]), number(content.length), content);
    }
    return Buffer.concat(parts);
  }
}

class Reader {
  constructor(bytes, at) {
    this.bytes = bytes;
    this.at = at;
  }

  byte() {
    return this.bytes.readUInt8(this.at++);
  }

  /** An unsigned LEB128 below 2^53. */
  number() {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.byte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  }

  take(length) {
    if (this.at + length > this.bytes.length) throw new Error("the wasm file is cut");
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  text() {
    return this.take(this.number()).toString("utf8");
  }

  limits() {
    const flags = this.byte();
    this.number();
    if (flags & 1) this.number();
  }

  /** What `read` passes over, undecoded. */
  raw(read) {
    const start = this.at;
    read();
    return this.bytes.subarray(start, this.at);
  }
}

const imports = (reader) =>
  Array.from({ length: reader.number() }, () => {
    const [module, name] = [reader.text(), reader.text()];
    const type = reader.raw(() => {
      const kind = reader.byte();
      if (kind === 0) reader.number();
      else if (kind === 1) {
        reader.byte();
        reader.limits();
      } else if (kind === 2) reader.limits();
      else if (kind === 3) reader.take(2);
      else throw new Error(`import ${name} is of kind ${kind}, which this script does not know`);
    });
    return { module, name, type };
  });

const exports = (reader) =>
  Array.from({ length: reader.number() }, () => {
    const name = reader.text();
    const item = reader.raw(() => {
      reader.byte();
      reader.number();
    });
    return { name, item };
  });

const number = (value) => {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) | 128);
  return Buffer.from([...bytes, value]);
};

const text = (value) => {
  const bytes = Buffer.from(value, "utf8");
  return Buffer.concat([number(bytes.length), bytes]);
};

const list = (items, parts) => Buffer.concat([number(items.length), ...items.flatMap(parts)]);
