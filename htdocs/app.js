/** The page of any graph, wired: what GET /graph says is drawn, and runs. */
import { Refused, graph, services } from './client.js';
import { get, speak } from './dom.js';
import { field } from './fields.js';
import { explained } from './fault.js';
import { clip, download, markdownOf, quiet } from './paper.js';
import { Parts, trim } from './parts.js';
import { listen, onRun, run } from './runner.js';
import { sign } from './trust.js';
import * as view from './view.js';
import { words } from './words.js';

/** @typedef {import('./client.js').Order} Order */

const form = /** @type {HTMLFormElement} */ (get('#order'));
/** What is on the page was ordered as. @type {Order} */
let ordered = {};
/* Until it is drawn there is nothing to send. */
form.onsubmit = () => false;

/** @param {any} about what GET /graph says */
function draw(about) {
	view.named(about);
	speak(get('.motto'), view.site);
	form.replaceChildren(...about.inputs.map(field), get('#generate'));
	const parts = new Parts(about.parts);
	const all = [...parts.sections.values()];
	/** The picks that the run was given. */
	let given = {};
	view.wear({
		all, counted: all, sheet: get('#sheet'),
		sent: (order) => given = order.given ?? {},
		begin: (names) => {
			get('#frontispiece').hidden = true;
			parts.begin(names, given);
			return names.length < all.length;
		},
		pick: (value) => parts.pick(value), offer: (items) => parts.offer(items),
		end: () => {}, missing: () => parts.missing(),
	});
	wire(about, parts);
}

/** @param {any} about @param {Parts} parts */
function wire(about, parts) {
	const partial = (/** @type {string[]} */ want, more = {}) => run({ ...ordered, want, given: { ...parts.given(want), ...more } });
	parts.onChoice = (part, element) => {
		const want = parts.after(part);
		const given = { [part.list?.pick ?? '']: trim(element) };
		if (want.length)
			partial(want, given);
		else
			parts.begin([], given);
	};
	view.onAgain((name) => partial(parts.again(about.parts.find((/** @type {import('./parts.js').Part} */ part) => part.name === name))));
	listen(run);
	const warn = sign(get('#sheet'), (...notes) => get('#sheet').prepend(...notes));
	onRun({ begun: (order) => warn(ordered = order, view.isDemo()), complete: () => {}, over: () => {} });
	get('#finish').onclick = () => (get('#generate').focus({ preventScroll: true }), partial(parts.missing()));
	const one = (/** @type {import('./section.js').Section} */ s) => markdownOf(parts.texts(), { part: s.part, title: s.title, form: s.form === 'elements' ? 'prose' : s.form }, true);
	const written = () => [...parts.sections.values()].filter(({ part }) => parts.texts()[part].trim());
	const text = () => `${[`# ${quiet(view.site())}`, ...written().map(one)].join('\n\n')}\n`;
	get('#print').onclick = () => print();
	get('#copy').onclick = () => clip(text());
	get('#markdown').onclick = () => download('text.md', 'text/markdown', text());
	for (const part of about.parts.filter((/** @type {import('./parts.js').Part} */ { each }) => !each)) {
		const section = /** @type {import('./section.js').Section} */ (parts.sections.get(part.name));
		section.offers(() => clip(one(section)), () => partial(parts.again(part)));
	}
}

graph().then(draw, (error) => error instanceof Refused && error.code ? view.refuse(() => words.refusedTitle, () => explained(error)) : view.refuse(() => words.unreachableTitle, () => words.unreachable));
services().then(view.serves, () => {});
