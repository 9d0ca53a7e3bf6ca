import { get, make, speak } from './dom.js';
import { seconds, words } from './words.js';

const ROW = 16;
const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
const names = make('p', { id: 'runners', ariaHidden: 'true' });
const pace = make('figcaption', { id: 'pace' });
const rows = make('tbody', { id: 'laps' });
const table = make('table', {}, make('thead', {}, make('tr', {}, ...words.columns.map((_, i) => make('th', {}, () => words.columns[i])))), rows);
const figure = make('figure', { id: 'race', hidden: true }, names, svg, pace, make('details', {}, make('summary', {}, () => words.table), table));
Object.assign(svg, { id: 'bars', ariaHidden: 'true' });
get('article').after(figure);

/** @type {Map<string, Lap>} */
export let laps = new Map();
/** @type {Map<string, Section>} */
const runners = new Map();
let since = 0;
let timer = 0;

/** @param {Section[]} all */
export function begin(all, more = false) {
	if (!more)
		laps = new Map();
	for (const section of all) {
		laps.set(section.part, { by: '' });
		runners.set(section.part, section);
	}
	since = performance.now();
	clearInterval(timer);
	timer = setInterval(() => draw(performance.now() - since), 100);
	speak(pace, '');
	rows.replaceChildren();
	draw();
}

/** @param {string} part */
const titleOf = (part) => () => runners.get(part)?.title ?? part;

/** @param {Bag} about */
export function take({ part, state, ms, tokens }, by = '') {
	const lap = laps.get(part);
	if (!lap)
		return;
	lap.by = by;
	if (state === 'start') {
		lap.start ??= ms;
		lap.first = undefined;
	} else if (state === 'first') {
		lap.first = ms;
	} else if (state !== 'reset') {
		lap.end = ms;
		lap.out = tokens?.out;
	}
}

export function end(run = laps) {
	laps = run;
	clearInterval(timer);
	draw();
	let sum = 0, last = 0;
	rows.replaceChildren(...[...laps].map(([part, { by, start = 0, first, end = start, out = 0 }]) => {
		sum += end - start;
		last = Math.max(last, end);
		const wrote = end - (first ?? end);
		const cells = [titleOf(part), by, ...[start, first, end].map((ms) => () => seconds(ms)), out && wrote > 9 ? String(Math.round(out * 1000 / wrote)) : ''];
		return make('tr', {}, ...cells.map((text) => make('td', {}, text)));
	}));
	if (last > 0)
		speak(pace, () => words.pace(seconds(last), seconds(sum)));
}

/** @param {Bag} has */
function shape(name = '', has) {
	const e = document.createElementNS(svg.namespaceURI, name);
	for (const key in has)
		e.setAttribute(key, has[key]);
	return e;
}

function draw(now = 0) {
	const most = Math.max(500, now, ...[...laps.values()].map((l) => l.end ?? l.first ?? l.start ?? 0));
	const percent = (ms = 0) => `${(100 * ms / most).toFixed(2)}%`;
	figure.hidden = laps.size === 0;
	speak(names, () => [...laps.keys()].map((part) => titleOf(part)()).join('\n'));
	svg.setAttribute('height', String(ROW * laps.size));
	svg.replaceChildren(...[...laps.values()].flatMap(({ start, first, end = Math.max(now, first ?? start ?? 0) }, i) => {
		const y = i * ROW;
		const bar = (from = 0, kind = '') =>
			shape('rect', { class: kind, x: percent(from), y: y + 3, width: percent(Math.max(most / 250, end - from)), height: ROW - 6, rx: 2 });
		const mark = () => shape('line', { x1: percent(first), x2: percent(first), y1: y + 1, y2: y + ROW - 1 });
		return start === undefined ? [] : first === undefined ? [bar(start, 'wait')] : [bar(start, 'wait'), bar(first), mark()];
	}));
}
