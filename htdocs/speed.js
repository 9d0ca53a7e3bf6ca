/** The board: how fast the services are, from GET /speed. */
import { get, make, speak } from './dom.js';
import './lang.js';
import { seconds, words } from './words.js';

const SPANS = ['hour', 'day', 'measured'];
const board = get('#board');
const { documentElement: root } = document;

/** @type {Record<string, (n: number) => string>} */
const FIGURES = { first_token_ms: seconds, tokens_s: (n) => n.toLocaleString(root.lang, { maximumSignificantDigits: 3 }), total_ms: seconds };

/** Half and nine of ten answers; null never came. @param {Bag} figure @param {number} most @param {(n: number) => string} say */
function cell({ p50, p90 }, most, say) {
	const [half, nine] = [p50, p90].map((n) => () => n === null ? words.never : say(n));
	const bar = make('span', { className: 'bar' });
	bar.style.width = `${100 * (p50 ?? most) / most}%`;
	return p50 === undefined ? make('td') : make('td', {}, make('b', {}, half), bar, make('small', {}, nine));
}

/** @param {Bag} row @param {Bag} most of each figure, which is a whole bar */
function group(row, most) {
	/* A day shows what its last hour lacks. */
	const lines = SPANS.filter((span) => row[span].n > (span === 'day' ? row.hour.n : 0)).map((span) => {
		const { n, failed, since_ms, ...figures } = row[span];
		const about = () => words.answers(n, failed, new Date(since_ms).toLocaleTimeString(root.lang, { timeStyle: 'short' }));
		return make('tr', {}, make('th', {}, make('span', {}, () => words.spans[span]), make('small', {}, about)),
			...Object.keys(FIGURES).map((figure) => cell(figures[figure], most[figure], FIGURES[figure])));
	});
	const nothing = make('tr', {}, make('td', { colSpan: 4 }, () => words.noAnswers));
	return make('tbody', {}, make('tr', {}, make('th', { colSpan: 4 }, make('b', {}, row.service), ' ', make('small', {}, row.model))), ...lines.length ? lines : [nothing]);
}

/** The fastest of the last hour first. @param {Bag} row */
const total = (row) => SPANS.map((span, i) => 1e9 * i + (row[span].total_ms?.p50 ?? NaN)).find((ms) => ms >= 0) ?? 1e10;

/** @param {Bag[]} rows */
function draw(rows) {
	const all = rows.flatMap((row) => SPANS.map((span) => row[span]));
	const most = Object.fromEntries(Object.keys(FIGURES).map((figure) => [figure, Math.max(...all.map((span) => span[figure]?.p50 ?? 0)) || 1]));
	board.querySelectorAll('tbody').forEach((e) => e.remove());
	board.append(...rows.sort((a, b) => total(a) - total(b)).map((row) => group(row, most)));
	board.hidden = !rows.length;
	speak(get('#status'), () => all.some(({ n }) => n) ? '' : words.unmeasured);
}

async function look() {
	try {
		const response = document.hidden ? undefined : await fetch('speed');
		if (response?.ok)
			draw((await response.json()).rows);
		else if (response)
			speak(get('#status'), () => words.closed);
	} catch {
		speak(get('#status'), () => words.unreachable);
	}
	setTimeout(look, 10_000);
}

look();
