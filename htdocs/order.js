/** The form, as an order; and what is wrong with the recipe's. */
import { get, speak } from './dom.js';
import { words } from './words.js';

/** The same bounds as the server's, which has the last word; '' where all is well. */
function complaint(text = '') {
	/* Code points, as the server counts: an emoji is one. */
	const { length } = [...text];
	return length < 2 || !/\p{L}/u.test(text) ? words.tooLittle : length > 2000 ? words.tooLong(length) : '';
}

/** What was written into a form, by name. @param {HTMLFormElement} form @returns {import('./client.js').Order} */
export function fieldsOf(form) {
	/* A form's own newlines are CRLF; a model is better served without CR. */
	const fields = [...new FormData(form)].map(([name, value]) => [name, String(value).replaceAll('\r\n', '\n').trim()]);
	return Object.fromEntries(fields.filter(([, value]) => value));
}

/** The order, or a complaint, which stands beside the field too. @param {HTMLFormElement} form @returns {import('./client.js').Order | string} */
export function readOrder(form) {
	const order = fieldsOf(form);
	const wrong = complaint(order.ingredientsOnHand ?? '');
	const area = get('textarea', form);
	speak(get('#ingredients-error'), () => complaint(order.ingredientsOnHand ?? ''));
	area.setAttribute('aria-invalid', String(wrong !== ''));
	if (wrong)
		area.focus();
	return wrong || order;
}
