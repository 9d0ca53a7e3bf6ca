/** The inputs of GET /graph, as fields of a form. */
import { make } from './dom.js';
import { said } from './lang.js';

/** More characters than this need several lines; a label beyond the other does not fit beside three more. */
const LINE = 200;
const SHORT = 12;

/** @param {Choice} choice */
const called = ({ value, label }) => said(label) || String(value);

/** @param {Input} input */
export function field(input) {
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
