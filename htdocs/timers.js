import { attempt, button, get, make, speak } from './dom.js';
import { waits } from './minutes.js';
import { words } from './words.js';

/** @type {AudioContext | undefined} */
let audio;
let clock = 0;
/** @type {Map<Timer, HTMLElement>} */
const all = new Map();
const said = make('p', { id: 'rung', className: 'unseen', ariaLive: 'polite' });
const rows = make('ul');
export const strip = make('div', { id: 'timers' }, said, rows);

/** @type {Promise<WakeLockSentinel> | undefined} */
let lock;

/** The screen stays on while one cooks, or a timer runs. */
export async function awake() {
	try {
		if (!all.size && !get('#cooking').open)
			lock = void (await lock)?.release();
		else if (!document.hidden)
			await (lock ??= navigator.wakeLock.request('screen'));
		speak(get('#awake'), '');
	} catch {
		lock = undefined;
		speak(get('#awake'), () => words.sleepy);
	}
}

const time = (s = 0) => (s < 60 ? s : s / 60).toLocaleString(document.documentElement.lang, { style: 'unit', unit: s < 60 ? 'second' : 'minute' });

/** @param {string} label */
export const starters = (label) => waits(label).map((seconds) => speak(make('button', {
	className: 'timer',
	onclick() {
		beep();
		/* A second tap is no second timer. */
		if (![...all.keys()].some((t) => t.label === label && t.seconds === seconds && t.endsAt > Date.now()))
			add({ label, seconds, endsAt: Date.now() + seconds * 1000 });
		speak(said, () => words.timerRuns(time(seconds)));
	},
}), () => words.timer(time(seconds)), 'ariaLabel'));

/** @param {HTMLElement} holder */
export const offer = (holder) => holder.addEventListener('line', ({ target, detail }) => target.append(...starters(detail)));

/** @param {Timer} timer */
function add(timer) {
	const label = timer.label.slice(0, 99);
	const off = button('\u00d7', '', () => (row.remove(), all.delete(timer), changed()), () => words.timerOff(label));
	const row = make('li', {}, make('span', { dir: 'auto' }, label), make('b'), off);
	all.set(timer, row);
	rows.append(row);
	changed();
}

function changed() {
	clearInterval(clock);
	if (all.size)
		clock = setInterval(look, 250);
	awake();
	attempt(() => sessionStorage.timers = JSON.stringify([...all.keys()]));
	look();
}

/** What is over rings for a while. */
function look() {
	for (const [{ label, endsAt }, row] of all) {
		const left = Math.ceil((endsAt - Date.now()) / 1000);
		if (row.dataset.left === String(left))
			continue;
		row.dataset.left = String(left);
		get('b', row).textContent = new Date(Math.max(left, 0) * 1000).toISOString().slice(11, 19).replace(/^00:/, '');
		if (left > 0)
			continue;
		if (left > -30)
			beep(0.4);
		if (!row.className)
			for (const e of [said, get('span', row)])
				speak(e, () => words.timerUp(label));
		row.className = 'up';
	}
}

/** A silent one, after a tap, lets later ones be heard. */
const beep = (volume = 0) => attempt(() => {
	if (volume)
		navigator.vibrate?.(400);
	audio ??= new AudioContext();
	audio.resume();
	const [tone, gain] = [audio.createOscillator(), audio.createGain()];
	tone.frequency.value = 880;
	gain.gain.value = volume;
	tone.connect(gain).connect(audio.destination);
	tone.start();
	tone.stop(audio.currentTime + 0.4);
});

get('#bar').prepend(strip);
/* A page that is hidden loses its lock. */
document.addEventListener('visibilitychange', () => {
	lock = document.hidden ? undefined : lock;
	look();
	awake();
});
attempt(() => JSON.parse(sessionStorage.timers).forEach(add));
addEventListener('pointerdown', () => all.size && beep(), { once: true });
