/**
 * Text that arrives in pieces is set as text nodes, and never read as markup. A translating browser puts
 * elements of its own in their place, so no text is read back.
 */
import { attempt, make } from './dom.js';

const MOST = 500;

/** @type {Record<string, 'ol' | 'ul'>} */
export const LISTS = { steps: 'ol', lines: 'ul', list: 'ul', elements: 'ul', head: 'ul' };

/** @param {HTMLElement} holder @returns {HTMLInputElement[]} */
const boxes = (holder) => [...holder.querySelectorAll('input')];

/** @param {HTMLElement} holder */
export const ticked = (holder) => boxes(holder).flatMap((box, i) => box.checked ? i : []);

/** @param {HTMLElement} holder @param {number[]} places */
export const tick = (holder, places) => boxes(holder).forEach((box, i) => box.checked = places.includes(i));

/** @type {MakeLines} */
export function makeLines(holder, form, isUnmarked) {
	const isNumbered = form === 'steps';
	const hasTicks = isNumbered || form === 'lines';
	const mark = isNumbered ? /^\s*\d{1,2}[.)]\s+(?=\S)/ : isUnmarked && form !== 'prose' ? /^\s*[-*\u2022]\s+(?=\S)/ : null;
	/** @type {HTMLElement | null} */
	let line = null;
	let words = make('span');
	let said = '';
	let isYoung = false;
	let count = 0;
	let opens = false;
	/** @type {HTMLElement | null} */
	let initial = null;

	function begin() {
		said = '';
		isYoung = !!mark;
		count++;
		words = make('span', { className: 'words' });
		const made = make(holder.localName === 'div' ? 'div' : 'li', { className: 'line' }, hasTicks ? make('label', {}, words) : words);
		holder.append(made);
		return made;
	}

	/** An element, as WebKit draws ::first-letter anew with each piece. */
	function open(piece = '') {
		const [all, space, letter] = (initial ? /^()(\p{M}*)/u : /^(\s*)((?:(?=\p{L})[\p{sc=Latn}\p{sc=Cyrl}\p{sc=Grek}]\p{M}*)?)/u).exec(piece) ?? [''];
		opens = all === piece;
		if (!initial && letter) {
			initial = make('span', { className: 'initial' });
			words.before(words.textContent + space, initial);
			words.textContent = '';
		}
		if (!initial)
			return piece;
		initial.textContent += letter;
		return piece.slice(all.length);
	}

	function write(piece = '') {
		line ??= begin();
		said += piece;
		if (opens)
			piece = open(piece);
		if (words.lastChild instanceof Text)
			words.lastChild.appendData(piece);
		else
			words.append(piece);
		const [found] = isYoung && mark?.exec(said) || [];
		isYoung &&= !found && said.length < 16;
		if (!found)
			return;
		const rest = words.textContent = said.slice(found.length);
		if (isNumbered) {
			words.before(make('span', { className: 'number' }, found));
			line.classList.add('step');
		} else {
			said = rest;
		}
	}

	function close(newline = '') {
		const whole = line;
		line = null;
		if (whole && said.trim()) {
			if (hasTicks)
				whole.firstElementChild?.prepend(make('input', { type: 'checkbox', className: 'tick' }));
			whole.dispatchEvent(new CustomEvent('line', { bubbles: true, detail: said.trim() }));
		} else if (whole) {
			Object.assign(whole, { className: 'line blank', ariaHidden: 'true' });
		}
		/* After all else: what follows a newline stands in a row of its own. */
		whole?.append(newline);
	}

	function clear() {
		holder.replaceChildren();
		line = initial = null;
		count = 0;
		opens = form === 'prose' && !isUnmarked;
	}

	function append(text = '') {
		for (let from = 0; from < text.length;) {
			const newline = count < MOST ? text.indexOf('\n', from) : -1;
			const to = newline < 0 ? text.length : newline;
			write(text.slice(from, to));
			if (newline >= 0)
				close('\n');
			from = to + 1;
		}
	}

	clear();
	return { append, close, clear };
}

const strings = (json = '', field = '') => [...json.slice(0, 4096).matchAll(RegExp(`"${field}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)`, 'g'))].map(([, raw]) => {
	/* Without the beginning of an escape, or half a code point. */
	const whole = raw.replace(/\\u([\da-f]{0,3}|d[89ab]..)$/i, '');
	return attempt(() => String(JSON.parse(`"${whole}"`))) ?? whole;
});

/** @type {MakeNames} */
export function makeNames(holder, { fields: [field], items }) {
	let json = '';
	let isSettled = false;
	const empty = (settled = false) => {
		json = '';
		isSettled = settled;
		holder.replaceChildren();
	};
	return {
		append(text) {
			json += text;
			strings(json, field).slice(0, isSettled ? 0 : items).forEach((name, i) => {
				const item = holder.children[i] ?? holder.appendChild(make('li', { className: 'line', dir: 'auto' }, make('span', { className: 'words' })));
				item.children[0].textContent = name;
			});
		},
		close() {},
		clear: () => empty(),
		settle: () => empty(true),
	};
}
