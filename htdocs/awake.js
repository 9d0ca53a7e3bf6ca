/** A screen that stays on while somebody needs it: the cooking view, a timer. */
import { get, speak } from './dom.js';
import { words } from './words.js';

/** @type {Set<string>} */
const needed = new Set();
/** @type {Promise<WakeLockSentinel> | undefined} */
let lock;

/** @param {string} who needs it from now on, or no longer */
export function awake(who, needs = true) {
	needed[needs ? 'add' : 'delete'](who);
	if (needed.size)
		ask();
	else
		lock = void lock?.then((held) => held.release(), () => {});
}

async function ask() {
	if (document.hidden || !needed.size)
		return;
	try {
		await (lock ??= navigator.wakeLock.request('screen'));
		speak(get('#awake'), '');
	} catch {
		lock = undefined;
		speak(get('#awake'), () => words.sleepy);
	}
}

/* A page that is hidden loses its lock, and asks for another when it is seen again. */
document.addEventListener('visibilitychange', () => {
	lock = document.hidden ? undefined : lock;
	ask();
});
