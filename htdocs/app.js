import { Refused, graph } from './client.js';
import { attempt, get, make, speak } from './dom.js';
import { explained } from './fault.js';
import { said } from './lang.js';
import { wire } from './page.js';
import { quiet } from './paper.js';
import { makeParts } from './parts.js';
import * as place from './place.js';
import { run } from './runner.js';
import { makeSection } from './section.js';
import { sign } from './trust.js';
import * as view from './view.js';
import { words } from './words.js';

const form = get('#order');
const sheet = get('#sheet');
/** @type {Order} */
let ordered = {};
/** What is on the page: the whole, and parts that were written again. @type {Begun[]} */
let runs = [];
form.onsubmit = () => false;

/* Characters in a line; and in a label that has three more beside it. */
const LINE = 200;
const SHORT = 12;

/** @param {Choice} choice */
const called = ({ value, label }) => said(label) || String(value);

/** @param {Input} input */
function field(input) {
	const { name, label, hint, required, choices } = input;
	const id = `input-${name}`;
	const title = () => said(label) || name;
	const below = said(hint) ? [make('p', { className: 'hint', id: `${id}-hint` }, () => said(hint))] : [];
	const isRow = choices && required && choices.length < 5 && choices.every((c) => called(c).length <= SHORT);
	const control = isRow ? row(name, choices, title) : single(input);
	if (below.length)
		control.setAttribute('aria-describedby', `${id}-hint`);
	if (isRow) {
		control.append(...below);
		return control;
	}
	control.id = id;
	return make('div', { className: 'field' }, make('label', { htmlFor: id }, title), control, ...below);
}

/** @type {MakeRow} */
const row = (name, choices, title) => make('fieldset', { className: 'times' }, make('legend', {}, title), ...choices.map((choice, i) =>
	make('label', {}, make('input', { type: 'radio', name, value: choice.value, checked: i === 0 }), make('span', {}, () => called(choice)))));

/** @param {Input} input */
function single({ name, type, min, max, letter, required, choices }) {
	if (choices)
		return make('select', { name, required }, ...required ? [] : [make('option', { value: '' })],
			...choices.map((choice) => make('option', { value: choice.value }, () => called(choice))));
	if (type === 'integer')
		return make('input', { type: 'number', name, min, max, step: 1, required });
	const e = make(max > LINE ? 'textarea' : 'input', { name, required, dir: 'auto' });
	Object.assign(e.dataset, { min, max }, letter && { letter: '' });
	return e;
}

/** @param {Graph} about */
function draw(about) {
	view.named(about);
	speak(get('.motto'), view.site);
	form.replaceChildren(...about.inputs.map(field), get('#generate'));
	/** @param {string} need */
	const title = (need) => said(about.parts.find(({ name, list }) => name === need || list?.pick === need)?.title);
	const parts = makeParts(about.parts, ({ name, list, each, form, needs, title: own }) => {
		const root = make('section', {}, make('h2', {}, () => said(own)));
		Object.assign(root.dataset, { part: name, form: list || each ? 'elements' : form === 'choice' ? 'list' : form });
		sheet.append(root);
		return makeSection(root, { list, due: () => (each ? [each] : needs).map(title).join(', '), isUnmarked: true });
	});
	/** @param {Begun[]} all */
	const remember = (all) => attempt(() => sessionStorage.runs = JSON.stringify(runs = all));
	const warn = sign(sheet, (...notes) => sheet.prepend(...notes));
	wire({
		parts, sheet, counted: Object.values(parts.sections), isHeaded: true,
		ordered: () => ordered,
		begun(order, more, run, isOld) {
			warn(ordered = order, view.isDemo());
			if (isOld)
				return;
			remember(run ? more ? [...runs, run] : [run] : []);
			place.be(runs[0] && `run=${runs[0].id}`);
		},
		over(isFinal) {
			if (runs[0] && isFinal)
				runs[0].over ??= Date.now();
			remember(runs);
		},
		gone() {
			place.be();
			view.refuse(() => words.runTitle, () => words.gone);
		},
		linked: () => runs[0],
		head: () => [`# ${quiet(view.site())}`],
		file: () => 'text.md',
	});
}

/** Reads again what this tab has begun, or what a link leads to. */
async function readAgain() {
	const id = place.run();
	if (!id)
		return;
	const own = attempt(() => JSON.parse(sessionStorage.runs));
	runs = own?.[0]?.id === id ? own : [{ id, key: '', order: {}, more: false }];
	for (const one of runs)
		if (place.run() === id)
			await run(one.order, one.more, one);
}

addEventListener('popstate', readAgain);
graph().then((about) => (draw(about), readAgain()), (error) => error instanceof Refused && error.code ? view.refuse(() => words.refusedTitle, () => explained(error)) : view.unreachable());
