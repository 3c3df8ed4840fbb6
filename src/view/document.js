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

// How to get from one place to the next.
const DOWN = 0;
const RIGHT = 1;
const UP = 2;

const programs = [];

/** Makes a program's elements once, to be cloned from then on. The program's number. */
export function learn(program) {
  const template = document.createDocumentFragment();
  const places = [];
  let node = template;
  let attribute;
  for (const [, letter, text] of program.matchAll(/([^\n -\uffff])([\n -\uffff]*)/g)) {
    const sign = letter.charCodeAt();
    if (sign === OPEN) {
      const kind = /^(svg|use)$/.test(text) ? "2000/svg" : "1999/xhtml";
      node = node.appendChild(document.createElementNS(`http://www.w3.org/${kind}`, text));
    } else if (sign === CLOSE) {
      node = node.parentNode;
    } else if (sign === ATTRIBUTE) {
      attribute = text;
      node.setAttribute(attribute, "");
    } else if (sign === VALUE) {
      node.setAttribute(attribute, text);
    } else if (sign === TEXT) {
      node.append(text);
    } else {
      // What a child's place holds stands before an empty text.
      const at = sign === CHILD ? node.appendChild(document.createTextNode("")) : node;
      places.push({ sign, name: text, at });
    }
  }
  let from = [];
  for (const place of places) {
    const to = pathTo(place.at);
    place.moves = moves(from, to);
    from = to;
  }
  return programs.push({ template, places }) - 1;
}

function pathTo(node) {
  const { parentNode } = node;
  return parentNode ? [...pathTo(parentNode), [...parentNode.childNodes].indexOf(node)] : [];
}

/** From one node to a later one. */
function moves(from, to) {
  let same = 0;
  while (same < from.length && from[same] === to[same]) same += 1;
  const made = [];
  if (same < from.length) {
    made.push(...Array(from.length - same - 1).fill(UP), ...Array(to[same] - from[same]).fill(RIGHT));
    same += 1;
  }
  for (const index of to.slice(same)) made.push(DOWN, ...Array(index).fill(RIGHT));
  return made;
}

/** Makes a view: its program's number, and what fills each of its places, with other views among it.
 * Gives the fragment it stands in, then of each view the nodes that stand in no other, and its places. */
export function show(ops, texts) {
  const nodes = [];
  // What each of the nodes is a place for.
  nodes.places = [];
  let at = 0;
  let read = 0;
  const make = () => {
    const { template, places } = programs[ops[at++]];
    const fragment = template.cloneNode(true);
    if (nodes.length === 0) nodes.push(fragment);
    for (let root = fragment.firstChild; root; root = root.nextSibling) nodes.push(root);
    const first = nodes.length;
    let node = fragment;
    for (const place of places) {
      for (const move of place.moves) {
        node = move === DOWN ? node.firstChild : move === RIGHT ? node.nextSibling : node.parentNode;
      }
      nodes.places[nodes.length] = place;
      nodes.push(node);
    }
    places.forEach((place, index) => {
      const op = ops[at++];
      const node = nodes[first + index];
      if (op >= WORDS) fill(place, node, texts.slice(read, (read += op - WORDS)));
      else if (op === VIEWS) for (let count = ops[at++]; count > 0; count -= 1) node.before(make());
      else if (op) fill(place, node, op === YES);
    });
    return fragment;
  };
  make();
  return nodes;
}

/** `value` is a text, a truth, or undefined. */
function fill({ sign, name }, node, value) {
  const isThere = value !== undefined && value !== false;
  if (sign === CHILD) node.data = value ?? "";
  else if (sign === CLASS) node.classList.toggle(name, isThere);
  else if (sign === STYLE) node.style.setProperty(name, value ?? "");
  else if (sign === PROPERTY) node[name] = value ?? "";
  else if (isThere) node.setAttribute(name, value === true ? "" : value);
  else node.removeAttribute(name);
}

/** Fills a place with a text, or with nothing. */
export function write(nodes, at, text) {
  fill(nodes.places[at], nodes[at], text);
}

/** Fills a place with a truth. */
export function tell(nodes, at, truth) {
  fill(nodes.places[at], nodes[at], truth);
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
