/** The cooking view: one step at a time in large type, on a screen that stays awake. */
import { get, speak } from './dom.js';
import { words } from './words.js';

const dialog = /** @type {HTMLDialogElement} */ (get('#cooking'));
/** @type {string[]} */
let steps = [];
let at = 0;
/** @type {WakeLockSentinel | undefined} */
let lock;

function turn(by = 0) {
	at = Math.min(Math.max(at + by, 0), steps.length - 1);
	speak(get('#step-of'), () => words.step(at + 1, steps.length));
	get('#step').textContent = steps[at];
	dialog.dispatchEvent(new CustomEvent('step', { detail: at }));
}

/** Sends the event "step" for each that is shown, whose detail is its place, and "close". @param {string[]} all @param {number} from the place of the first */
export function cooking(all, from = 0) {
	if (all.length === 0 || dialog.open)
		return;
	steps = all;
	at = 0;
	turn(from);
	dialog.showModal();
	get('#next').focus();
	wake();
}

/** A page that is hidden loses its lock, and asks for another when it is seen again. */
async function wake() {
	if (!dialog.open || document.hidden)
		return;
	speak(get('#awake'), '');
	try {
		lock = await navigator.wakeLock.request('screen');
	} catch {
		speak(get('#awake'), () => words.sleepy);
	}
}
document.addEventListener('visibilitychange', wake);

get('#next').onclick = get('#step').onclick = () => turn(1);
get('#back').onclick = () => turn(-1);
get('#close').onclick = () => dialog.close();
dialog.addEventListener('keydown', ({ key }) => {
	if (/^Arrow(Right|Down)$/.test(key))
		turn(1);
	if (/^Arrow(Left|Up)$/.test(key))
		turn(-1);
});
dialog.onclose = () => lock?.release();
