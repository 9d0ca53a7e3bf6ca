// @ts-check
/** The race of the sections, drawn: a bar each, from asked to its end, and a mark at its first word. */
import { get } from './section.js';
import { words } from './words.js';

const NS = 'http://www.w3.org/2000/svg';
const ROW = 16;

/** @typedef {{ start: number, first?: number, end?: number, by: string, out?: number }} Lap */

export class Race {
	/** @type {Map<string, Lap>} */
	laps = new Map();
	#svg = /** @type {Element} */ (document.querySelector('#bars'));
	#since = 0;
	#timer = 0;

	begin() {
		this.laps.clear();
		this.#since = performance.now();
		clearInterval(this.#timer);
		this.#timer = setInterval(() => this.draw(), 100);
		get(document, '#race').hidden = false;
		get(document, '#pace').textContent = '';
		get(document, '#laps').replaceChildren();
		this.draw();
	}

	/** @param {Record<string, any>} part a _part */
	take({ part, state, ms, service, model, tokens }) {
		if (state === 'start') {
			const old = this.laps.get(part);
			this.laps.set(part, { start: old?.start ?? ms, by: '' });
		}
		const lap = this.laps.get(part);
		if (!lap)
			return;
		if (service)
			lap.by = [service, String(model ?? '').split('/').pop()].join(' \u00b7 ');
		if (state === 'first')
			lap.first = ms;
		else if (state !== 'start' && state !== 'reset')
			Object.assign(lap, { end: ms, out: tokens?.out });
	}

	/** The run is over: the table, and what it would have been one after another. */
	end() {
		clearInterval(this.#timer);
		this.draw();
		let sum = 0, last = 0;
		const s = (/** @type {number | undefined} */ ms) => ms === undefined ? '' : `${(ms / 1000).toFixed(2)} s`;
		get(document, '#laps').replaceChildren(...[...this.laps].map(([part, lap]) => {
			sum += (lap.end ?? lap.start) - lap.start;
			last = Math.max(last, lap.end ?? 0);
			const wrote = (lap.end ?? 0) - (lap.first ?? 0);
			const row = document.createElement('tr');
			for (const text of [part, lap.by, s(lap.start), s(lap.first), s(lap.end), lap.out && wrote > 0 ? String(Math.round(lap.out * 1000 / wrote)) : ''])
				row.insertCell().textContent = text;
			return row;
		}));
		if (last > 0)
			get(document, '#pace').textContent = words.pace(s(last), s(sum));
	}

	draw() {
		const running = document.body.dataset.run === 'running';
		const now = running ? performance.now() - this.#since : 0;
		const most = Math.max(500, now, ...[...this.laps.values()].map((l) => l.end ?? l.first ?? l.start));
		const x = (/** @type {number} */ ms) => `${(8 + 92 * ms / most).toFixed(2)}%`;
		const put = (/** @type {string} */ name, /** @type {Record<string, string | number>} */ attributes) => {
			const e = document.createElementNS(NS, name);
			for (const [key, value] of Object.entries(attributes))
				e.setAttribute(key, String(value));
			return e;
		};
		const made = [];
		let y = 0;
		for (const [part, lap] of this.laps) {
			const end = lap.end ?? Math.max(now, lap.first ?? lap.start);
			const label = put('text', { x: 0, y: y + 12 });
			label.textContent = part;
			made.push(label, put('rect', { class: 'wait', x: x(lap.start), y: y + 3, width: `${(92 * (end - lap.start) / most).toFixed(2)}%`, height: ROW - 6, rx: 2 }));
			if (lap.first !== undefined)
				made.push(put('rect', { x: x(lap.first), y: y + 3, width: `${Math.max(.4, 92 * (end - lap.first) / most).toFixed(2)}%`, height: ROW - 6, rx: 2 }),
					put('line', { x1: x(lap.first), x2: x(lap.first), y1: y + 1, y2: y + ROW - 1 }));
			y += ROW;
		}
		this.#svg.replaceChildren(...made);
	}
}
