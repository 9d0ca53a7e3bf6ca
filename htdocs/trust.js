import { get, make, speak } from './dom.js';
import { isLike, things } from './pantry.js';
import { words } from './words.js';

/** What an allergy means besides its own name. */
const KIN = [
	'egg 달걀 계란', 'milk dairy butter cheese cream yogurt 우유 버터 치즈 크림 요구르트', 'nut almond walnut hazelnut cashew pecan 견과 아몬드 호두 잣',
	'wheat gluten flour bread pasta noodle 밀 빵 국수', 'shellfish shrimp prawn crab lobster mussel oyster 갑각류 조개 새우 게 굴', 'sesame tahini 참깨 깨 참기름', 'soy tofu miso 대두 콩 두부 간장 된장',
	'fish anchovy tuna salmon cod 생선 멸치 참치 연어',
].map((names) => names.split(' '));

/** @type {Touched} */
export function touched(line, allergies) {
	const all = things(line);
	/* One syllable is the end of many words. */
	/** @param {string} has */
	const isNamed = (has) => all.some((word) => has.length > 1 ? isLike(has, word, all.join('')) : word.startsWith(has));
	return allergies.split(/[,;\n\u3001\u00b7]|\s(?:and|or|\ubc0f)\s/).map((name) => name.trim()).filter((name) => things(name).some((has) => (KIN.find((names) => names.includes(has)) ?? [has]).some(isNamed)));
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
