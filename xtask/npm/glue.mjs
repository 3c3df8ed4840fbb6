// Makes wasm-bindgen's glue and its wasm agree on one-letter names, and both forget what only the
// other side would have called: classes some dependency exports to JavaScript, `initSync`, their
// wasm functions.
import { parse } from "acorn";

const IMPORTS = "__wbg_get_imports";
const PROTOTYPE = "__proto__";

/** How a release loads its wasm, each by the glue's own name: from what was fetched alone, and streamed where
 * the server says what it is. */
const LOADERS = {
  __wbg_load: `async function __wbg_load(response, imports) {
    if (!response.ok) throw new Error(\`\${response.url}: \${response.status}\`);
    return response.headers.get("Content-Type") === "application/wasm"
      ? WebAssembly.instantiateStreaming(response, imports)
      : WebAssembly.instantiate(await response.arrayBuffer(), imports);
  }`,
  __wbg_init: `async function __wbg_init({ module_or_path }) {
    const { instance } = await __wbg_load(await module_or_path, ${IMPORTS}());
    wasm = instance.exports;
    wasm.__wbindgen_start();
    return wasm;
  }`,
};

/** The glue as text, tree and edits to come. */
export class Glue {
  constructor(code) {
    this.code = code;
    this.edits = [];
    this.tree = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  }

  replace(node, text) {
    this.edits.push([node.start, node.end, text]);
  }

  /** Drops one of an object's properties. */
  drop({ start, end }) {
    const comma = this.code.slice(end).match(/^\s*,?/)[0].length;
    this.edits.push([start, end + comma, ""]);
  }

  /** The code with all edits made; what lies inside a dropped part goes with it. */
  edited() {
    let [code, at] = ["", 0];
    for (const [start, end, text] of this.edits.toSorted((a, b) => a[0] - b[0] || b[1] - a[1])) {
      if (start < at) continue;
      code += this.code.slice(at, start) + text;
      at = end;
    }
    return code + this.code.slice(at);
  }

  /** Loads its wasm in one way, and has nothing for browsers that lack what came before the reference
   * types the wasm needs anyway. */
  modern() {
    const { body } = this.tree;
    const find = (what, is) => {
      const node = body.find(is);
      if (!node) throw new Error(`the glue has no ${what} any more`);
      return node;
    };
    for (const [name, loader] of Object.entries(LOADERS)) {
      this.replace(find(name, ({ id }) => id?.name === name), loader);
    }
    const registry = "CLOSURE_DTORS";
    const { init } = find(registry, (node) => declares(node, registry)).declarations[0];
    this.replace(init, this.slice(init.alternate));
    const encodeInto = "encodeInto";
    this.replace(find(encodeInto, ({ test }) => test?.argument?.left?.value === encodeInto), "");
    return new Glue(this.edited());
  }

  /** Drops every export but the default, and the classes nobody uses then. */
  keepDefaultOnly() {
    const { body } = this.tree;
    for (const node of body) {
      if (node.type !== "ExportNamedDeclaration") continue;
      if (node.declaration?.type === "ClassDeclaration") {
        const { name } = node.declaration.id;
        const own = body.filter((other) => other === node || belongsTo(other, name));
        const elsewhere = body.some((other) => !own.includes(other) && mentions(other, name));
        if (elsewhere) this.replace(node, this.slice(node.declaration));
        else for (const part of own) this.replace(part, "");
      } else if (node.declaration) {
        this.replace(node, this.slice(node.declaration));
      } else {
        const kept = node.specifiers.filter(({ exported }) => exported.name === "default");
        this.replace(node, `export { ${kept.map((one) => this.slice(one)).join(", ")} };`);
      }
    }
    return new Glue(this.edited());
  }

  slice({ start, end }) {
    return this.code.slice(start, end);
  }

  /** Where `wasm.NAME` stands, by name. */
  uses() {
    const uses = new Map();
    visit(this.tree, (node) => {
      if (node.type !== "MemberExpression" || node.object.name !== "wasm") return;
      if (node.computed) throw new Error("the glue reads a computed name of the wasm");
      const { name } = node.property;
      uses.set(name, [...(uses.get(name) ?? []), node.property]);
    });
    return uses;
  }

  /** Drops `__proto__: null` from what is given: the wasm asks for no name that is not there. */
  giveSimply() {
    const { body } = this.tree.body.find(({ id }) => id?.name === IMPORTS);
    visit(body, (node) => {
      if (node.type === "Property" && node.key.name === PROTOTYPE) this.drop(node);
    });
    return new Glue(this.edited());
  }

  /** Of imports that do the same the wasm takes one; wasm-opt makes them one then. */
  joinAlike(wasm) {
    const { given } = this.gives();
    const first = new Map();
    for (const entry of wasm.imports) {
      const property = given.get(entry.name);
      if (!property) continue;
      const body = this.slice(property.value);
      if (!first.has(body)) first.set(body, entry.name);
      entry.name = first.get(body);
    }
    return this;
  }

  /** What the glue gives to the wasm: the module's key, and each function's property by name. */
  gives() {
    const { body } = this.tree.body.find(({ id }) => id?.name === IMPORTS).body;
    const objects = body
      .flatMap((node) => (node.type === "VariableDeclaration" ? node.declarations : []))
      .filter(({ init }) => init?.type === "ObjectExpression");
    const returned = body.find(({ type }) => type === "ReturnStatement")?.argument;
    const modules = returned?.properties?.filter(({ key }) => key.type === "Literal") ?? [];
    if (objects.length !== 1 || modules.length !== 1) {
      throw new Error(`${IMPORTS} of the glue has another shape`);
    }
    const given = new Map(objects[0].init.properties.map((one) => [one.key.name, one]));
    const module = modules[0].key;
    return { module, given };
  }
}

/** Renames what `glue` and `wasm` know of each other; drops what the wasm does not import. */
export function shorten(glue, wasm) {
  const { module, given } = glue.gives();
  const names = new Map();
  for (const entry of wasm.imports) {
    if (entry.module !== module.value || !given.has(entry.name)) {
      throw new Error(`the glue does not give ${entry.module} ${entry.name}`);
    }
    if (!names.has(entry.name)) names.set(entry.name, short(names.size));
    entry.name = names.get(entry.name);
    entry.module = "a";
  }
  glue.replace(module, '"a"');
  for (const [name, property] of given) {
    if (names.has(name)) glue.replace(property.key, names.get(name));
    else glue.drop(property);
  }
  const uses = glue.uses();
  wasm.exports.forEach((entry, index) => {
    for (const place of uses.get(entry.name) ?? []) glue.replace(place, short(index));
    uses.delete(entry.name);
    entry.name = short(index);
  });
  if (uses.size > 0) throw new Error(`the wasm does not export ${[...uses.keys()]}`);
  const code = glue.edited();
  const made = new Glue(code).gives().given;
  const lost = wasm.imports.filter(({ name }) => !made.has(name));
  if (lost.length > 0) throw new Error(`the shortened glue lost ${lost.map(({ name }) => name)}`);
  return code;
}

const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** The index-th of the shortest names: a to Z, then aa to ZZ. */
function short(index) {
  const last = LETTERS[index % LETTERS.length];
  return index < LETTERS.length ? last : short(Math.floor(index / LETTERS.length) - 1) + last;
}

const declares = (node, name) =>
  node.type === "VariableDeclaration" && node.declarations[0].id.name === name;

/** Whether `node` is the finalizer or the disposal of the class `name`. */
const belongsTo = (node, name) =>
  declares(node, `${name}Finalization`) ||
  (node.type === "IfStatement" && node.test.property?.name === "dispose" && mentions(node, name));

function mentions(node, name) {
  let found = false;
  visit(node, (inner) => {
    found ||= inner.type === "Identifier" && inner.name === name;
  });
  return found;
}

function visit(node, look) {
  if (!node || typeof node !== "object") return;
  if (typeof node.type === "string") look(node);
  for (const child of Object.values(node)) {
    if (child && typeof child === "object") visit(child, look);
  }
}
