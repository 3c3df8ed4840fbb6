// The renderer's hands in the document. A call from wasm costs more than most of what is done here,
// and a text costs once more to be read: a view comes as one list of numbers and one text.

// The signs of a program (crates/view).
const OPEN = 1;
const CLOSE = 2;
const ATTRIBUTE = 3;
const VALUE = 4;
const TEXT = 5;
const CLASS = 7;
const PROPERTY = 8;
const CHILD = 14;
const STYLE = 15;

// What fills a place (src/view/pack.rs); from WORDS on the length of a text.
const YES = 1;
const VIEWS = 3;
const WORDS = 4;

const programs = [];

/** Makes a program's elements once, to be cloned from then on. The program's number. */
export function learn(program) {
  const template = document.createDocumentFragment();
  const places = [];
  let node = template;
  let attribute;
  // Nodes are counted in the order of the document; those of the elements that are open.
  let count = 0;
  const open = [];
  for (const [, letter, text] of program.matchAll(/([^\n -\uffff])([\n -\uffff]*)/g)) {
    const sign = letter.charCodeAt();
    if (sign === OPEN) {
      const kind = /^(svg|use)$/.test(text) ? "2000/svg" : "1999/xhtml";
      node = node.appendChild(document.createElementNS(`http://www.w3.org/${kind}`, text));
      open.push((count += 1));
    } else if (sign === CLOSE) {
      node = node.parentNode;
      open.pop();
    } else if (sign === ATTRIBUTE) {
      attribute = text;
      node.setAttribute(attribute, "");
    } else if (sign === VALUE) {
      node.setAttribute(attribute, text);
    } else {
      // What a child's place holds stands before an empty text.
      const isNode = sign === TEXT || sign === CHILD;
      if (isNode) {
        node.append(document.createTextNode(text));
        count += 1;
      }
      if (sign !== TEXT) places.push({ sign, name: text, index: isNode ? count : open.at(-1) });
    }
  }
  return programs.push({ template, places }) - 1;
}

/** Makes views: of each its program's number, and what fills each of its places, with other views among
 * it. Gives the fragment they stand in, then of each view the nodes that stand in no other, and its places. */
export function show(ops, texts) {
  const all = document.createDocumentFragment();
  const nodes = [all];
  // What each of the nodes is a place for.
  nodes.places = [];
  let at = 0;
  let read = 0;
  const make = () => {
    const { template, places } = programs[ops[at++]];
    const fragment = template.cloneNode(true);
    for (let root = fragment.firstChild; root; root = root.nextSibling) nodes.push(root);
    const first = nodes.length;
    const walker = document.createTreeWalker(fragment);
    let passed = 0;
    for (const place of places) {
      for (; passed < place.index; passed += 1) walker.nextNode();
      nodes.places[nodes.length] = place;
      nodes.push(walker.currentNode);
    }
    for (let place = first; place < first + places.length; place += 1) {
      const op = ops[at++];
      if (op >= WORDS) fill(nodes, place, texts.slice(read, (read += op - WORDS)));
      else if (op === VIEWS) for (let count = ops[at++]; count > 0; count -= 1) nodes[place].before(make());
      else if (op) fill(nodes, place, op === YES);
    }
    return fragment;
  };
  while (at < ops.length) all.append(make());
  return nodes;
}

/** Fills a place with a text, a truth or, undefined, with nothing. */
export function fill(nodes, at, value) {
  const node = nodes[at];
  const { sign, name } = nodes.places[at];
  const text = value ?? "";
  const isThere = value !== undefined && value !== false;
  if (sign === CHILD) node.data = value === true ? "" : value || "";
  else if (sign === CLASS) node.classList.toggle(name, isThere);
  else if (sign === STYLE) node.style.setProperty(name, text);
  else if (sign === PROPERTY) node[name] = text;
  else if (isThere) node.setAttribute(name, value === true ? "" : value);
  else node.removeAttribute(name);
}

/** Lets a place hear its event. */
export function hear(nodes, at, listener) {
  nodes[at].addEventListener(nodes.places[at].name, listener);
}

/** Puts nodes before another, or takes them out; a person may have taken them out already. */
export function put(nodes, from, to, before) {
  for (const node of nodes.slice(from, to)) {
    if (before) before.before(node);
    else node.remove();
  }
}

/** Takes out everything before the last node, at once: that is quicker than one by one. Whether that
 * was all from `first` on. */
export function clear(first, last) {
  const parent = last.parentNode;
  const isAll = parent.firstChild === first && parent.lastChild === last;
  if (isAll) parent.replaceChildren(last);
  return isAll;
}
