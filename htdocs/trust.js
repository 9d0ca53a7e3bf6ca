import { get, make, speak } from './dom.js';
import { isLike, things } from './pantry.js';
import { words } from './words.js';

/** @type {Touched} */
export function touched(line, allergies) {
	const all = things(line);
	/* One syllable is the end of many words. */
	const isNamed = (has = '') => all.some((word) => has.length > 1 ? isLike(has, word, all.join('')) : word.startsWith(has));
	return allergies.split(/[,;\n\u3001\u00b7]|\s(?:and|or|\ubc0f)\s/).map((name) => name.trim()).filter((name) => things(name).some((has) => isNamed(has)));
}

/** @type {Sign} */
export function sign(sheet, put) {
	const origin = make('p', { className: 'hint' });
	const caution = make('p', { id: 'caution', dir: 'auto' });
	let allergies = '';
	sheet.addEventListener('line', ({ target, detail }) => {
		const isProse = target.closest('section')?.dataset.form === 'prose';
		const found = isProse || !allergies ? [] : touched(detail, allergies);
		if (found.length)
			get('.words', target).dataset.allergen = found.join(', ');
	});
	put(origin, caution);
	return (order, isDemo) => {
		allergies = String(order.allergies ?? '');
		speak(origin, () => isDemo ? words.demoWrote : words.modelWrote);
		caution.hidden = !allergies;
		speak(caution, () => words.caution(allergies));
	};
}
