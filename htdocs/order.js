import { make, speak } from './dom.js';
import { words } from './words.js';

/** @type {Complaint} */
function complaint({ value, type, min, max, required, validity, dataset }) {
	const text = value.trim();
	if (!text && !validity.badInput)
		return required ? () => words.needed : '';
	if (type === 'number')
		return /^-?\d+$/.test(text) && +text >= +min && +text <= +max ? '' : () => words.whole(min, max);
	/* Code points, as the server counts: an emoji is one. */
	const { length } = [...text];
	if (length < +dataset.min || 'letter' in dataset && !/\p{L}/u.test(text))
		return () => words.tooLittle(dataset.min);
	return length > +dataset.max ? () => words.tooLong(length, +dataset.max) : '';
}

/** @param {any} field @param {Words} wrong */
function mark(field, wrong, leads = wrong !== '') {
	const id = `${field.id || field.name}-error`;
	const group = field.closest('fieldset');
	const whole = group ?? field;
	let note = document.getElementById(id);
	if (!note && wrong) {
		note = make('p', { id, className: 'hint wrong' });
		(group?.lastChild ?? field.closest('label') ?? field).after(note);
		whole.setAttribute('aria-describedby', `${whole.getAttribute('aria-describedby') ?? ''} ${id}`);
		group?.setAttribute('role', 'radiogroup');
	}
	if (note) {
		speak(note, wrong);
		whole.ariaInvalid = wrong !== '';
	}
	if (leads) {
		field.closest('details')?.setAttribute('open', '');
		field.focus();
	}
}

/** @param {HTMLFormElement} form @returns {any[]} */
const fields = (form) => [...form.elements].filter((/** @type {any} */ e) => e.name && (e.type !== 'radio' || e.checked));

/** @type {ReadOrder} */
export function readOrder(form) {
	/** @type {ReturnType<Complaint>} */
	let first = '';
	for (const field of fields(form)) {
		const wrong = complaint(field);
		mark(field, wrong, !first && wrong !== '');
		first ||= wrong;
	}
	/* A form's own newlines are CRLF; a model is better served without CR. */
	const order = [...new FormData(form)].map(([name, value]) => [name, String(value).replaceAll('\r\n', '\n').trim()]);
	return first || Object.fromEntries(order.filter(([, value]) => value));
}

/** @type {Blame} */
export function blame(form, name) {
	const field = fields(form).find((e) => e.name === name);
	if (!field)
		return '';
	const wrong = complaint(field) || (() => words.unfit);
	mark(field, wrong);
	const title = field.closest('fieldset')?.querySelector('legend') ?? field.labels[0];
	return () => `${title.textContent.trim()}: ${wrong()}`;
}
