/** The section of a list: its text is JSON, of which the names show while it comes. */
import { make } from './dom.js';
import { Section } from './section.js';

/** The strings of that member, of the last one what there is by now. */
const strings = (json = '', field = '') => [...json.slice(0, 4096).matchAll(RegExp(`"${field}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)`, 'g'))].map(([, raw]) => {
	/* Without the beginning of an escape, or half a code point. */
	const whole = raw.replace(/\\u([\da-f]{0,3}|d[89ab]..)$/i, '');
	try {
		return JSON.parse(`"${whole}"`);
	} catch {
		return whole;
	}
});

export class Growing extends Section {
	isList = true;
	#field;
	#items;
	/** Whether the page shows by now what was picked. */
	#isSettled = false;

	/** @param {HTMLElement} root @param {string} field has the name of an element @param {number} items so many @param {ConstructorParameters<typeof Section>[1]} [more] */
	constructor(root, field, items, more) {
		super(root, more);
		this.#field = field;
		this.#items = items;
	}

	begin(more = false) {
		this.#isSettled = false;
		super.begin(more);
	}

	/** The page fills the holder from now on. */
	settle() {
		this.#isSettled = true;
		this.holder.replaceChildren();
	}

	draw() {
		if (this.#isSettled)
			return;
		const names = strings(this.text, this.#field).slice(0, this.#items);
		const { children } = this.holder;
		while (children.length > names.length)
			children[names.length].remove();
		names.forEach((name, i) => {
			const item = children[i] ?? this.holder.appendChild(make('li', { className: 'line', dir: 'auto' }, make('span', { className: 'words' })));
			/** @type {Element} */ (item.firstChild).textContent = name;
		});
	}
}
