/** The inputs of GET /graph, as fields of a form. */
import { make, speak } from './dom.js';
import { said } from './lang.js';

/**
 * @typedef {{ name: string, type: 'text' | 'integer', min: number, max: number, letter?: boolean, required: boolean,
 *	label?: any, hint?: any, choices?: { value: string | number, label?: any }[] }} Input
 */

/** More characters than this need several lines; a label beyond the other does not fit beside three more. */
const LINE = 200;
const SHORT = 12;

/** What a choice is called. @param {{ value: string | number, label?: any }} choice */
const called = ({ value, label }) => said(label) || String(value);

/** @param {Input} input @returns {HTMLElement} */
export function field(input) {
	const { name, label, hint, required, choices } = input;
	const title = () => said(label) || name;
	const id = `input-${name}`;
	const below = said(hint) ? [speak(make('p', { className: 'hint', id: `${id}-hint` }), () => said(hint))] : [];
	if (choices && required && choices.length < 5 && choices.every((c) => called(c).length <= SHORT))
		return described(make('fieldset', { className: 'times' }, speak(make('legend', {}), title), ...choices.map((choice, i) =>
			make('label', {}, make('input', { type: 'radio', name, value: choice.value, checked: i === 0 }), speak(make('span', {}), () => called(choice))))), id, below);
	const control = described(make('div', {}, element(input)).firstElementChild, id, below);
	control.id = id;
	return make('div', { className: 'field' }, speak(make('label', { htmlFor: id }), title), control, ...below);
}

/** @param {any} e @param {string} id @param {Element[]} below the hint, if there is one */
function described(e, id, below) {
	if (below.length)
		e.setAttribute('aria-describedby', `${id}-hint`);
	if (e.localName === 'fieldset')
		e.append(...below);
	return e;
}

/** What one writes or chooses in. @param {Input} input */
function element({ name, type, min, max, letter, required, choices }) {
	if (choices)
		return make('select', { name, required }, ...required ? [] : [make('option', { value: '' })],
			...choices.map((choice) => speak(make('option', { value: choice.value }), () => called(choice))));
	if (type === 'integer')
		return make('input', { type: 'number', name, min, max, step: 1, required });
	const e = make(max > LINE ? 'textarea' : 'input', { name, required, dir: 'auto' });
	Object.assign(e.dataset, { min, max }, letter && { letter: '' });
	return e;
}
