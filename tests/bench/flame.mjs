// Samples of perf(1) as a flame graph: an SVG, wide where time goes, callers above callees.

const WIDTH = 1200;
const ROW = 17;
const LEAST = 0.002; // of all; what is narrower cannot be read
const KERNEL_DEPTH = 4; // calls below the entry that are worth a name

/** Whose code: an inlined function is in its caller's. */
function whose(file, kernel, caller) {
  if (kernel) return 'kernel';
  if (file === 'inlined') return caller?.where ?? 'own';
  return /recipe\.fcgi|lighttpd/.test(file) ? 'own' : 'library';
}

/** One sample of `perf script -F pid,ip,sym,dso`, from the outermost frame on; `kind` names processes by pid. */
export function readSample(block, kind) {
  const [head, ...lines] = block.split('\n');
  const pid = Number(/(\d+)\s*$/.exec(head.split(':')[0])?.[1]);
  const calls = lines.map((line) => /^\s*[0-9a-f]+ (.*?)(?:\+0x[0-9a-f]+)? \((.*)\)$/.exec(line)).filter(Boolean).reverse();
  const own = [];
  let deep = 0;
  for (const [, name, file] of calls) {
    const kernel = file.includes('kernel') || file === '[k]';
    if (name === '[unknown]' || (kernel && /^(entry_|do_syscall|__x64_sys_|asm_|x64_sys_call)/.test(name))) continue;
    if (kernel && ++deep > KERNEL_DEPTH) break;
    own.push({ name: name.replace(/@.*|\.(isra|constprop|part)\.\d+/g, ''), where: whose(file, kernel, own.at(-1)) });
  }
  return [{ name: kind.get(pid) ?? 'gone', where: 'process' }, ...own];
}

/** All samples in one tree: {name, where, n, below}. */
function fold(samples) {
  const root = { name: 'all', where: 'process', n: 0, below: new Map() };
  for (const sample of samples) {
    let at = root;
    at.n++;
    for (const { name, where } of sample) {
      if (!at.below.has(name)) at.below.set(name, { name, where, n: 0, below: new Map() });
      at = at.below.get(name);
      at.n++;
    }
  }
  return root;
}

const COLOURS = { process: '#8d99ae', own: '#3a86c8', library: '#7fb069', kernel: '#e8a33d' };
const escaped = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** The SVG of all samples. */
export function draw(samples) {
  const root = fold(samples);
  const boxes = [];
  let depth = 0;
  const box = (node, x, y) => {
    if (node.n < LEAST * root.n) return;
    depth = Math.max(depth, y);
    const w = (WIDTH * node.n) / root.n;
    const share = ((100 * node.n) / root.n).toFixed(1);
    const label = w > 40 ? escaped(node.name.slice(0, Math.floor(w / 6.6))) : '';
    boxes.push(`<g><title>${escaped(node.name)}, ${share} %</title><rect x="${x.toFixed(1)}" y="${y * ROW}" width="${w.toFixed(1)}" height="${ROW - 1}" fill="${COLOURS[node.where]}"/>${label && `<text x="${(x + 3).toFixed(1)}" y="${y * ROW + 12}">${label}</text>`}</g>`);
    let at = x;
    for (const child of [...node.below.values()].sort((a, b) => b.n - a.n)) {
      box(child, at, y + 1);
      at += (WIDTH * child.n) / root.n;
    }
  };
  box(root, 0, 0);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${(depth + 1) * ROW}" font-family="monospace" font-size="11">\n${boxes.join('\n')}\n</svg>\n`;
}

/** Of all samples, by kind of process, in whose code: {stage: {all, kernel, library, own}}, in %. */
export function shares(samples) {
  const sums = {};
  for (const sample of samples) {
    const kind = sample[0].name;
    sums[kind] ??= { all: 0, own: 0, library: 0, kernel: 0, process: 0 };
    sums[kind].all += 100 / samples.length;
    sums[kind][sample.at(-1).where] += 100 / samples.length;
  }
  return sums;
}
