// @ts-check
/**
 * The form, as an order; and what is wrong with it.
 *
 * @typedef {import('./api.js').Order} Order
 */
import { get } from './section.js';
import { words } from './words.js';

/**
 * The same bounds as the server's, which has the last word.
 *
 * @param {string} text
 * @returns {string} what is wrong, or ''
 */
export function complaint(text) {
	/* Code points, as the server counts: an emoji is one. */
	const length = [...text].length;
	if (length < 2)
		return words.tooShort;
	if (length > 2000)
		return words.tooLong(length);
	return /\p{L}/u.test(text) ? '' : words.noLetter;
}

/**
 * Reads the form; where something is wrong, says so beside the field.
 *
 * @param {HTMLFormElement} form
 * @returns {Order | string} the order, or the complaint
 */
export function readOrder(form) {
	const fields = new FormData(form);
	/* A form's own newlines are CRLF; a model is better served without CR. */
	const text = String(fields.get('ingredientsOnHand') ?? '').replaceAll('\r\n', '\n').trim();
	const wrong = complaint(text);
	const area = /** @type {HTMLTextAreaElement} */ (get(form, 'textarea'));
	const place = get(form, '#ingredients-error');
	place.textContent = wrong;
	place.hidden = wrong === '';
	area.setAttribute('aria-invalid', String(wrong !== ''));
	if (wrong) {
		area.focus();
		return wrong;
	}
	/** @type {Order} */
	const order = { ingredientsOnHand: text, prepTime: String(fields.get('prepTime')) };
	for (const name of ['servings', 'diet', 'allergies', 'language'])
		if (String(fields.get(name) ?? '').trim())
			order[name] = String(fields.get(name)).trim();
	return order;
}
