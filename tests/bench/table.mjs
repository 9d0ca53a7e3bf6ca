// The table: a line for each figure, its limit and the peer's figure beside it; and
// sheets, where many things have the same few figures.

const COLUMNS = ['', 'measured', 'at most', 'then', 'node', '', ''];
const WORDS = [0, 5, 6]; // of these; the others are numbers

const show = (n, digits) => (n === undefined ? '' : Number.isFinite(n) ? n.toFixed(digits) : 'n/a');

/** Lines of cells, one below the other; `words` are the columns that begin at the left. */
function align(lines, words) {
  const width = lines[0].map((_, i) => Math.max(...lines.map((line) => line[i].length)));
  const pad = (cell, i) => (words.includes(i) ? cell.padEnd(width[i]) : cell.padStart(width[i]));
  return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
}

export class Table {
  #rows = [];
  #sheets = [];

  /**
   * A line. Without a limit it is information; `least` makes the limit a lower one. `then`
   * is what is to be gone for, `node` what the by-hand peer took for the same.
   */
  row(what, value, { unit = '', limit, then, node, digits = 2, least = false } = {}) {
    const kept = least ? value >= limit : value <= limit;
    const verdict = limit === undefined || !Number.isFinite(value) ? '' : kept ? 'ok' : 'MISSED';
    this.#rows.push([what, show(value, digits), (least && limit !== undefined ? '≥ ' : '') + show(limit, digits), show(then, digits), show(node, digits), unit, verdict]);
  }

  /** A table of its own; returns what adds a line to it: (what, ...figures). */
  sheet(title, ...columns) {
    const lines = [[title, ...columns]];
    this.#sheets.push(lines);
    return (what, ...figures) => lines.push([what, ...figures.map((n) => show(n, 3))]);
  }

  toString() {
    const main = this.#rows.length > 0 ? [align([COLUMNS, ...this.#rows], WORDS)] : [];
    return [...main, ...this.#sheets.map((lines) => align(lines, [0]))].join('\n\n');
  }
}
