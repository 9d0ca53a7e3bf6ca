/** What one should know of a text that a model wrote: that it did, and which lines name what the visitor must not eat. */
import { make, speak } from './dom.js';
import { isLike, things } from './pantry.js';
import { words } from './words.js';

/** @param {string} line @param {string} allergies as the visitor wrote them @returns {string[]} those that the line names */
export function touched(line, allergies) {
	const all = things(line);
	/* One syllable is the end of many words. */
	const names = (/** @type {string} */ has) => all.some((word) => has.length > 1 ? isLike(has, word, all.join('')) : word.startsWith(has));
	return allergies.split(/[,;\n\u3001\u00b7]|\s(?:and|or|\ubc0f)\s/).map((name) => name.trim()).filter((name) => things(name).some(names));
}

/**
 * Says it at a place of the page; returns what says it again for another text.
 *
 * @param {HTMLElement} sheet whose lines are marked as they come
 * @param {(...notes: HTMLElement[]) => void} put
 */
export function sign(sheet, put) {
	const origin = make('p', { className: 'hint' });
	const caution = make('p', { id: 'caution', dir: 'auto' });
	let allergies = '';
	sheet.addEventListener('line', (event) => {
		const { target, detail } = /** @type {any} */ (event);
		const found = allergies && target.closest('section')?.dataset.form !== 'prose' ? touched(detail, allergies) : [];
		if (found.length)
			target.querySelector('.words').dataset.allergen = found.join(', ');
	});
	put(origin, caution);
	return (/** @type {import('./client.js').Order} */ order, isDemo = false) => {
		allergies = String(order.allergies ?? '');
		speak(origin, () => isDemo ? words.demoWrote : words.modelWrote);
		caution.hidden = !allergies;
		speak(caution, () => words.caution(allergies));
	};
}
