/**
 * Room for text: what is written has the height of a long one from the start,
 * so that it pushes nothing. After the run what is left over is given back, but
 * not under a reader's eyes: once it is out of sight.
 */
import { get } from './dom.js';

const out = new IntersectionObserver((all) => all.forEach(({ target, isIntersecting }) => isIntersecting || shrink(target)));

/** @param {HTMLElement} e in style.css, [data-room] says how high it is @param {HTMLElement} [last] if the same is written again, what of it keeps its height */
export function hold(e, last) {
	out.unobserve(e);
	if (last)
		last.style.minHeight = `${last.offsetHeight}px`;
	else
		e.dataset.room = '';
}

/** The run is over. @param {HTMLElement} e */
export const release = (e) => out.observe(e);

/** @param {Element} e */
function shrink(e) {
	const isAbove = e.getBoundingClientRect().bottom <= 0;
	/* In two columns nobody knows which one is read, and must not be pulled. */
	if (isAbove && getComputedStyle(get('main')).gridTemplateColumns.includes(' '))
		return;
	out.unobserve(e);
	const below = e.nextElementSibling ?? e.parentElement?.nextElementSibling ?? e;
	const before = below.getBoundingClientRect().top;
	e.removeAttribute('data-room');
	get('.body', e).style.minHeight = '';
	/* Not every browser keeps what is in the window where it is. */
	if (isAbove)
		scrollBy(0, below.getBoundingClientRect().top - before);
}
