/**
 * What is to buy: lines of ingredients in which nothing is that the visitor
 * wrote. If that is not sure, nothing is said.
 */
import { button, make, speak } from './dom.js';
import { words } from './words.js';

/** Amounts, and what is said of many things. */
const COMMON = ` a an and of or the to in with some cup tablespoon tbsp teaspoon tsp gram g kg ml l ounce oz pound lb clove handful pinch slice piece bunch can small
large fresh dried ground chopped red green yellow white black leave half 개 한 두 세 네 모 대 쪽 줌 단 컵 조금 약간 큰술 작은술 `.replace('\n', ' ');
/** What is made of a thing is another one: tomato paste. */
const MADE = /^(stock|broth|sauce|paste|powder|vinegar|flour|oil)$|(육수|소스|가루|식초|기름)$/;
/** In every kitchen, or said not to be in it; or a heading. */
const SKIPPED = /(?<!\p{L})(no|water|salt|물|소금|후추)(?!\p{L})|:\s*$/iu;

/** In the singular; in Korean without the commonest particles. */
const things = (text = '') => (text.slice(0, 2000).normalize('NFD').replace(/[\u0300-\u036f]/g, '').normalize('NFC').toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [])
	.map((word) => word.replace(/(?<=[oxh]|ss)es$|(?<=[a-rt-z])s$|(?<=[가-힣])([을를와랑]|하고)$/, '').replace(/ie$/, 'y'))
	.filter((word) => !COMMON.includes(` ${word} `));

/** Whether one may be the other: onion, onions; 돼지 고기, in one word or two. */
function isLike(has = '', word = '', line = '') {
	if (/\p{sc=Latin}/u.test(has))
		return has === word || (Math.min(has.length, word.length) > 3 && (has.startsWith(word) || word.startsWith(has)));
	return line.includes(has) || (word.length > 1 && has.startsWith(word));
}

/** @param {string} line @param {string} onHand as the visitor wrote it @returns {'here' | 'buy' | ''} */
export function judge(line, onHand) {
	const has = things(onHand);
	const all = things(line.slice(0, 200));
	const isMade = all.some((word) => MADE.test(word)) && !has.some((h) => MADE.test(h));
	if (!isMade && all.some((word) => has.some((h) => isLike(h, word, all.join('')))))
		return 'here';
	/* Of words in two scripts one may be this thing in the other language. */
	const isMixed = /\p{sc=Latin}/u.test(has.join('')) && /[^\p{sc=Latin}]/u.test(has.join(''));
	return isMixed || !all.length || SKIPPED.test(line) ? '' : 'buy';
}

/**
 * Marks what is to buy as lines come, and lets that be copied. Until something
 * is there the list may be in another language, and nothing is marked.
 *
 * @param {HTMLElement} holder of Lines @param {() => string} onHand @param {(text: string) => any} copy
 */
export function shop(holder, onHand, copy) {
	/** @type {{ line: Element, text: string, is: string }[]} */
	let all = [];
	const buy = () => all.filter(({ is }) => is === 'buy');
	const offer = button(() => words.shopping, 'act', () => copy(buy().map(({ text }) => `- ${text}`).join('\n')));
	const row = make('p', { className: 'shop', hidden: true }, offer);
	holder.after(row);
	holder.addEventListener('line', (event) => {
		const { target: line, detail: text } = /** @type {any} */ (event);
		all = all.filter((other) => other.line.isConnected);
		all.push({ line, text, is: all.length < 50 ? judge(text, onHand()) : '' });
		row.hidden = !buy().length || !all.some(({ is }) => is === 'here');
		for (const { line } of row.hidden ? [] : buy())
			if (!line.querySelector('.buy'))
				line.querySelector('label')?.append(speak(make('span', { className: 'buy', role: 'img' }), () => words.toBuy, 'ariaLabel'));
	});
}
