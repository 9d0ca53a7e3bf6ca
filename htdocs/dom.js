/** What the page is made of: found in it, or made anew. Text is always text, never markup. */

/** @param {string} selector @param {ParentNode} [root] @returns {HTMLElement} */
export function get(selector, root = document) {
	const found = root.querySelector(selector);
	if (!(found instanceof HTMLElement))
		throw new Error(`the page lacks ${selector}`);
	return found;
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, any>} has its properties
 * @param {(Node | string)[]} inside
 */
export function make(name, has, ...inside) {
	const made = Object.assign(document.createElement(name), has);
	made.append(...inside);
	return made;
}

/** A text, or what says it in the language of the page. @typedef {string | (() => string)} Words */
/** What elements say, by the property that says it. @type {WeakMap<Element, Map<string, Words>>} */
const spoken = new WeakMap();

/** @param {any} e @param {string} where a property, or "first" for the first text in it @param {Words} what */
function put(e, where, what) {
	const text = typeof what === 'string' ? what : what();
	const [at, property] = where === 'first' ? [e.firstChild ?? e, 'textContent'] : [e, where];
	if (at[property] !== text)
		at[property] = text;
}

/**
 * Says something now, and a function's words again in each language that the page is switched to.
 *
 * @template {Element} E
 * @param {E} e @param {Words} what
 */
export function speak(e, what, where = 'textContent') {
	const all = spoken.get(e) ?? new Map();
	if (where === 'textContent')
		all.delete('first');
	spoken.set(e, all.set(where, what));
	put(e, where, what);
	return e;
}

/** The language is another one. What is said may quote what stands further down, so all is said twice. */
export function speakAgain() {
	const all = document.querySelectorAll('*');
	for (const e of [...all, ...all])
		spoken.get(e)?.forEach((what, where) => typeof what === 'string' || put(e, where, what));
}

/** @param {Words} text @param {string} className @param {() => any} onclick @param {Words} [label] if the text says too little */
export function button(text, className, onclick, label) {
	const made = speak(make('button', { className, onclick }), text);
	return label ? speak(made, label, 'ariaLabel') : made;
}
