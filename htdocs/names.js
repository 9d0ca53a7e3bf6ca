/** The text of a list, which is JSON: its names show while it comes, until the page shows what was picked. */
import { attempt, make } from './dom.js';

const strings = (json = '', field = '') => [...json.slice(0, 4096).matchAll(RegExp(`"${field}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)`, 'g'))].map(([, raw]) => {
	/* Without the beginning of an escape, or half a code point. */
	const whole = raw.replace(/\\u([\da-f]{0,3}|d[89ab]..)$/i, '');
	return attempt(() => String(JSON.parse(`"${whole}"`))) ?? whole;
});

/** @type {MakeNames} */
export function makeNames(holder, { fields: [field], items }) {
	let json = '';
	let isSettled = false;
	/** @param {boolean} settled */
	const empty = (settled) => {
		json = '';
		isSettled = settled;
		holder.replaceChildren();
	};
	return {
		append(text) {
			json += text;
			if (isSettled)
				return;
			const names = strings(json, field).slice(0, items);
			const { children } = holder;
			while (children.length > names.length)
				children[names.length].remove();
			names.forEach((name, i) => {
				const item = children[i] ?? holder.appendChild(make('li', { className: 'line', dir: 'auto' }, make('span', { className: 'words' })));
				item.children[0].textContent = name;
			});
		},
		close() {},
		clear: () => empty(false),
		settle: () => empty(true),
	};
}
