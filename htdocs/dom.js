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

/** @param {string} text @param {string} className @param {() => any} onclick @param {string} [ariaLabel] if the text says too little */
export const button = (text, className, onclick, ariaLabel) => make('button', { className, onclick, ariaLabel }, text);
