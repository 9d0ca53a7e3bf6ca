import { button, make, speak } from './dom.js';
import { words } from './words.js';

/** Amounts, and what is said of many things. */
const COMMON = /^(an?|and|of|or|the|to|in|with|some|we|have|half|leave|fresh|dried|ground|small|large|red|green|yellow|white|black|cup|tablespoon|teaspoon|tb?sp|gram|k?g|m?l|oz|ounce|lb|pound|clove|handful|pinch|slice|piece|bunch|can|[개한두세모대쪽단컵줌]|큰술|작은술|조금|약간)$/;
/** What is made of a thing is another one: tomato paste. */
const MADE = /^(stock|broth|sauce|paste|powder|vinegar|flour|oil)$|(육수|소스|가루|식초|기름)$/;
/** In every kitchen, or said not to be in it; or a heading. */
const SKIPPED = /(?<!\p{L})(no|water|salt|물|소금|후추)(?!\p{L})|:$/iu;
const LATIN = /\p{sc=Latin}/u;

/** In the singular, or without the commonest particles. */
export const things = (text = '') => (text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').normalize('NFC').toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [])
	.map((word) => word.replace(/(?<=[oxh]|ss)es$|(?<=[a-rt-z])s$|(?<=[가-힣])([을를와랑]|하고)$/, '').replace(/ie$/, 'y'))
	.filter((word) => !COMMON.test(word));

/** One may be the other: onion, onions; 돼지 고기, in one word or two. */
export const isLike = (has = '', word = '', line = '') => !LATIN.test(has) ? line.includes(has) || (word.length > 1 && has.startsWith(word))
	: has === word || (Math.min(has.length, word.length) > 3 && (has.startsWith(word) || word.startsWith(has)));

/** @type {Judge} */
export function judge(line, onHand) {
	const has = things(onHand);
	const all = things(line.slice(0, 200));
	const isMade = all.some((word) => MADE.test(word)) && !has.some((h) => MADE.test(h));
	if (!isMade && all.some((word) => has.some((h) => isLike(h, word, all.join('')))))
		return 'here';
	/* Of words in two scripts one may be this thing in the other language. */
	const isMixed = LATIN.test(has.join('')) && /[^\p{sc=Latin}]/u.test(has.join(''));
	return isMixed || !all.length || SKIPPED.test(line) ? '' : 'buy';
}

/** Until something is here the list may be in another language. @type {Shop} */
export function shop(holder, onHand, copy) {
	/** @type {Judged[]} */
	let all = [];
	const buy = () => all.filter(({ is }) => is === 'buy');
	const offer = button(() => words.shopping, 'act shop', () => copy(buy().map(({ detail }) => `- ${detail}`).join('\n')));
	holder.after(offer);
	offer.hidden = true;
	holder.addEventListener('line', ({ target, detail }) => {
		all = all.filter((line) => line.target.isConnected);
		all.push({ target, detail, is: all.length < 50 ? judge(detail, onHand()) : '' });
		offer.hidden = !buy().length || !all.some(({ is }) => is === 'here');
		for (const { target } of offer.hidden ? [] : buy())
			if (!target.querySelector('.buy'))
				target.firstElementChild?.append(speak(make('span', { className: 'buy', role: 'img' }), () => words.toBuy, 'ariaLabel'));
	});
}
