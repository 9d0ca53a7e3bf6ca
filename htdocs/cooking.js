// @ts-check
/** The cooking view: one step at a time in large type, on a screen that stays awake. */
import { get } from './section.js';
import { words } from './words.js';

const dialog = /** @type {HTMLDialogElement} */ (get(document, '#cooking'));
/** @type {string[]} */
let steps = [];
let at = 0;
/** @type {{ release(): Promise<void> } | null} */
let lock = null;

/** @param {number} by */
function turn(by) {
	at = Math.min(Math.max(at + by, 0), steps.length - 1);
	get(dialog, '#step-of').textContent = words.step(at + 1, steps.length);
	get(dialog, '#step').textContent = steps[at];
}

/** @param {string[]} all */
export async function cooking(all) {
	steps = all;
	at = 0;
	if (steps.length === 0)
		return;
	turn(0);
	dialog.showModal();
	get(dialog, '#next').focus();
	let awake = '';
	try {
		lock = await /** @type {any} */ (navigator).wakeLock.request('screen');
	} catch {
		awake = words.sleepy;
	}
	get(dialog, '#awake').textContent = awake;
}

get(dialog, '#next').addEventListener('click', () => turn(1));
get(dialog, '#back').addEventListener('click', () => turn(-1));
get(dialog, '#close').addEventListener('click', () => dialog.close());
get(dialog, '#step').addEventListener('click', () => turn(1));
dialog.addEventListener('keydown', ({ key }) => {
	if (key === 'ArrowRight' || key === 'ArrowDown')
		turn(1);
	else if (key === 'ArrowLeft' || key === 'ArrowUp')
		turn(-1);
});
dialog.addEventListener('close', () => {
	lock?.release().catch(() => {});
	lock = null;
});
