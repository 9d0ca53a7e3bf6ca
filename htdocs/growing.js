/** The section of a list: its text is JSON, of which the names show while it comes. */
import { make } from './dom.js';
import { Section } from './section.js';

/** More text than a list of names has; and the longest of them that is shown. */
const MOST = { text: 4096, name: 120 };

/** The strings of these members, of the last one what there is by now. @param {string} text JSON that has not ended */
function strings(text, field = '') {
	const all = text.slice(0, MOST.text).matchAll(new RegExp(`"${field}"\\s*:\\s*"((?:[^"\\\\]|\\\\.)*)`, 'g'));
	return [...all].map(([, raw]) => {
		/* The beginning of an escape, or the first half of a code point. */
		const whole = raw.replace(/\\u(?:[\da-f]{0,3}|d[89ab][\da-f]{2})$/i, '');
		try {
			return JSON.parse(`"${whole}"`).slice(0, MOST.name);
		} catch {
			return whole.slice(0, MOST.name);
		}
	});
}

export class Growing extends Section {
	#field;
	#items;
	#frame = 0;
	/** Whether the page shows the list itself by now, in place of what it grows from. */
	#isSettled = false;

	/** @param {HTMLElement} root @param {string} field the member that has an element's name @param {number} items how many come @param {ConstructorParameters<typeof Section>[1]} [more] */
	constructor(root, field, items, more) {
		super(root, more);
		this.#field = field;
		this.#items = items;
	}

	/** @param {boolean} more */
	begin(more) {
		this.#isSettled = false;
		super.begin(more);
	}

	append(text = '') {
		this.text += text;
		this.#frame ||= requestAnimationFrame(() => this.#draw());
	}

	/** @param {Record<string, any>} [about] */
	setState(state = '', about = {}) {
		super.setState(state, about);
		this.#draw();
	}

	/** From now on the page fills the holder itself. */
	settle() {
		this.#isSettled = true;
		this.holder.replaceChildren();
	}

	#draw() {
		cancelAnimationFrame(this.#frame);
		this.#frame = 0;
		if (this.#isSettled)
			return;
		const names = strings(this.text, this.#field).slice(0, this.#items);
		const { children } = this.holder;
		while (children.length > names.length)
			children[names.length].remove();
		names.forEach((name, i) => {
			const item = children[i] ?? this.holder.appendChild(make('li', { className: 'line', dir: 'auto' }, make('span', { className: 'words' })));
			if (item.textContent !== name)
				/** @type {Element} */ (item.firstChild).textContent = name;
		});
	}
}
