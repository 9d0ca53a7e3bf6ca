// The table: a line for each figure, its limit and the peer's figure beside it.

const COLUMNS = ['', 'measured', 'at most', 'then', 'node', '', ''];

export class Table {
  #rows = [];

  /**
   * A line. Without a limit it is information; `least` makes the limit a lower one. `then`
   * is what is to be gone for, `node` what the by-hand peer took for the same.
   */
  row(what, value, { unit = '', limit, then, node, digits = 2, least = false } = {}) {
    const show = (n) => (n === undefined ? '' : Number.isFinite(n) ? n.toFixed(digits) : 'n/a');
    const kept = least ? value >= limit : value <= limit;
    const verdict = limit === undefined || !Number.isFinite(value) ? '' : kept ? 'ok' : 'MISSED';
    this.#rows.push([what, show(value), (least && limit !== undefined ? '≥ ' : '') + show(limit), show(then), show(node), unit, verdict]);
  }

  toString() {
    const lines = [COLUMNS, ...this.#rows];
    const width = COLUMNS.map((_, i) => Math.max(...lines.map((line) => line[i].length)));
    const pad = (cell, i) => (i === 0 || i > 4 ? cell.padEnd(width[i]) : cell.padStart(width[i]));
    return lines.map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
  }
}
