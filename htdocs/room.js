/**
 * Room for text: what is written gets the height of a long one before it
 * begins, so that it pushes nothing. When the run has ended, what is left over
 * is given back, but never under a reader's eyes: only once it is out of sight.
 */

const out = new IntersectionObserver((all) => all.forEach(({ target, isIntersecting }) => isIntersecting || shrink(target)));

/** @param {Element} e in style.css, [data-room] says how high it is */
export function hold(e) {
	out.unobserve(e);
	e.setAttribute('data-room', '');
}

/** The run is over. @param {Element} e */
export const release = (e) => out.observe(e);

/** @param {Element} e */
function shrink(e) {
	out.unobserve(e);
	/* What is above the window must not pull what is in it: not every browser sees to that itself. */
	const below = e.nextElementSibling ?? e.parentElement?.nextElementSibling ?? e;
	const isAbove = e.getBoundingClientRect().bottom <= 0;
	const before = below.getBoundingClientRect().top;
	e.removeAttribute('data-room');
	const moved = below.getBoundingClientRect().top - before;
	if (isAbove && moved)
		scrollBy(0, moved);
}
