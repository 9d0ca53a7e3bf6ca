/** @type {Get} */
export function get(selector, root = document) {
	const found = /** @type {any} */ (root.querySelector(selector));
	if (!found)
		throw new Error(`the page lacks ${selector}`);
	return found;
}

/** @type {Make} */
export function make(name, has, ...inside) {
	const made = Object.assign(document.createElement(name), has);
	for (const one of inside)
		typeof one === 'function' ? speak(made, one) : made.append(one);
	return made;
}

/** @type {Tongue} */
export function tongue(e, text = '') {
	if (/[\uac00-\ud7a3]/.test(text))
		e.lang = 'ko';
	else
		e.removeAttribute('lang');
	return e;
}

/** @type {WeakMap<Element, Map<string, Words>>} */
const spoken = new WeakMap();

/** @param {Words} what */
const said = (what) => typeof what === 'string' ? what : what();

/** @param {any} e @param {Words} what */
function put(e, what, where = '') {
	const [at, property] = where === 'first' ? [e.firstChild ?? e, 'textContent'] : [e, where];
	const text = said(what);
	if (at[property] !== text)
		at[property] = text;
}

/** @type {Speak} */
export function speak(e, what, where = 'textContent') {
	const all = spoken.get(e) ?? new Map();
	if (where === 'textContent')
		all.delete('first');
	spoken.set(e, all.set(where, what));
	put(e, what, where);
	return e;
}

/** Whatever a translating browser has made of it. @param {Element} e */
export const spokenIn = (e) => said(spoken.get(e)?.values().next().value ?? '');

export function speakAgain() {
	for (const e of document.querySelectorAll('*'))
		spoken.get(e)?.forEach((what, where) => typeof what === 'string' || put(e, what, where));
}

/** @type {MakeButton} */
export function button(text, className, onclick, label) {
	const made = make('button', { className, onclick }, text);
	return label ? speak(made, label, 'ariaLabel') : made;
}

/** What there is of these, in a line. @param {any[]} all */
export const dotted = (...all) => all.filter(Boolean).join(' \u00b7 ');

/** @type {Attempt} */
export function attempt(act) {
	try {
		return act();
	} catch {
		return undefined;
	}
}
