// A probe for text that is being written: what stands on the page must stay where
// it is. Runs in the page (`inject`). flips.look() looks, and returns what has moved
// since the look before: of each section its first word that did, {part, word, from,
// to}, in px of the document. flips.all has all that was found so far.
//
// All words of the lines of a section but its last are judged, and those of the last
// one but the word that is being written, which may have to go to the next row.
// The first characters of a line may settle, as a number goes into the margin.

window.flips = (() => {
  const SETTLED = 12;
  const SLACK_PX = 0.6;
  /** By section and line: the text, and its words as {word, end, place}. */
  let before = new Map();
  const all = [];

  /** The place of characters of a line, which may be several nodes: [left, top] of the first. */
  function place(nodes, from) {
    const range = document.createRange();
    let at = 0;
    for (const node of nodes) {
      if (from < at + node.length) {
        range.setStart(node, from - at);
        range.setEnd(node, from - at + 1);
        const [box] = range.getClientRects();
        // The bottom: a font of another size for a letter is no move.
        return box && [box.left + scrollX, box.bottom + scrollY];
      }
      at += node.length;
    }
    return undefined;
  }

  function read(line) {
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    const text = nodes.map((node) => node.data).join('');
    const words = [...text.matchAll(/\S+/g)].map((m) => ({ word: m[0], end: m.index + m[0].length, place: place(nodes, m.index) }));
    return { text, words };
  }

  function moved(old, now, last) {
    if (!now.text.startsWith(old.text) || (last && old.text.length < SETTLED)) return null;
    const judged = old.words.filter(({ end, place: p }) => p && (!last || end < old.text.length));
    for (const [i, { word, place: from }] of judged.entries()) {
      const to = now.words[i]?.place;
      if (to && from.some((px, axis) => Math.abs(px - to[axis]) > SLACK_PX)) return { word, from: from.map(Math.round), to: to.map(Math.round) };
    }
    return null;
  }

  function look() {
    const after = new Map();
    const found = [];
    for (const section of document.querySelectorAll('[data-part]')) {
      const { part } = section.dataset;
      const lines = [...section.querySelectorAll('.line')];
      let flip = null;
      lines.forEach((line, i) => {
        const now = read(line);
        after.set(`${part} ${i}`, now);
        const old = before.get(`${part} ${i}`);
        const wasLast = !before.has(`${part} ${i + 1}`);
        flip ??= old ? moved(old, now, wasLast) : null;
      });
      if (flip) found.push({ part, ...flip });
    }
    before = after;
    all.push(...found);
    return found;
  }

  return { all, look };
})();
