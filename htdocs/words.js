/**
 * What the page's code says; what stands on the page from the start is in index.html.
 * To add a language: see lang.js.
 */

/** @typedef {Record<string, string>} Names by part, or by state */

export const words = {
	recipe: 'Recipe',
	choosing: 'Choosing a recipe',
	noName: 'No recipe this time',
	unit: ' s',

	/** @type {Names} */
	states: {
		start: 'asked', first: 'writing', reset: 'beginning again', done: 'done', cut: 'cut short by the length limit',
		filtered: 'withheld', failed: 'failed', skipped: 'skipped', stopped: 'stopped', broken: 'broken off',
	},
	/** What a part waits for. @type {Names} */
	waiting: { init: 'the cooks', int: 'a name', add: 'a name', ste: 'the ingredients', sde: 'a name', ing: 'a cook', alt: 'the other ideas' },
	waits: (what = '') => `waiting for ${what}`,
	/** For a place at the model's server. */
	queues: (before = NaN) => `waiting for its turn${before > 0 ? `, ${before} before it` : ''}`,
	doneIn: (time = '') => `done in ${time}`,
	/** What went wrong, and what to do: see fault.js. @type {Names} */
	why: {
		away: 'The model service cannot be reached. Please try again later.',
		setup: 'This site is not set up right. Please tell its owner.',
		answer: 'The model service gave no useful answer. Please try again.',
		slow: 'It took too long. Please try again.',
		broke: 'It broke off. Please try again.',
		busy: 'Too much is going on here. Please try again in a moment.',
		filtered: 'The model service withheld it. Other words may help.',
		long: 'It became too long. Please ask for less.',
		skipped: 'It needs a part that was not written.',
		page: 'The page does not fit its server. Please load it anew.',
		unknown: 'Something went wrong. Please try again.',
	},
	pause: (s = 0) => s ? `Asking again makes sense in ${s} s.` : 'Now it can be asked again.',
	cutShort: 'The end is missing: the model ran into its length limit.',
	skippedFor: (what = '') => `skipped: ${what} failed`,
	attempt: (n = 0) => `, attempt ${n}`,

	sent: 'Sent. Waiting for the kitchen.',
	connecting: 'Waiting for a connection. Too many tabs or visitors?',
	queued: (before = NaN) => `The kitchen is full. ${before > 0 ? `${before} before you.` : 'You are next.'}`,
	full: (s = 0) => `The kitchen is full, and so is the queue. Asking again in ${s} s.`,
	begun: 'The cooks have begun.',
	first: (time = '') => `The first words came after ${time}.`,
	/** What has begun has no place at the model's server yet. */
	place: (before = NaN) => `Waiting for a place at the model.${before > 0 ? ` ${before} before this.` : ''}`,
	named: (name = '') => `The recipe is ${name}.`,
	progress: (n = 0, of = 0) => `${n} of ${of} sections done.`,
	finished: (n = 0, of = 0, time = '') => `Finished${time && ` in ${time}`} with ${n === of ? `all ${of}` : `${n} of ${of}`} sections.`,
	nothing: 'Nothing was written.',
	/** What is said of the demo in place of the server's hint, which is English. */
	demo: '',
	noLanguage: 'That language could not be fetched. Is there a network?',
	stopped: 'Stopped. What came is kept.',
	unfinished: 'unfinished',
	broke: (n = 0, of = 0) => `Connection lost with ${n} of ${of} done. What came is kept.`,
	total: (all = '', first = '', tokens = '') =>
		`Written in ${all}${first && `, the first word after ${first}`}${tokens && `, ${tokens} tokens`}.`,
	about: 'about ',
	pace: (all = '', sum = '') => `All at once: ${all}. One after another: ${sum}.`,

	/** What was asked, by input. @type {Record<string, (value: string) => string>} */
	asked: {
		prepTime: (n) => `${n} minutes`, servings: (n) => `serves ${n}`, diet: (what) => `diet: ${what}`, allergies: (what) => `allergies: ${what}`,
		language: (what) => `language: ${what}`, ingredientsOnHand: (what) => `on hand: ${what}`,
	},
	opened: (name = '') => `From your cookbook: ${name}`,
	unknown: 'That recipe is not in the cookbook of this browser.',
	ready: 'Ready when you are.',
	starOf: (name = '') => `Star ${name}`,
	remove: 'delete',
	removeOf: (name = '') => `Delete ${name}`,
	removed: (name = '') => `${name} is deleted.`,
	cleared: (n = 0) => `${n} recipes are deleted.`,
	restored: 'What was deleted is back.',
	found: (n = 0, of = 0) => `${n} of ${of}`,
	taken: (added = 0, known = 0, bad = 0) => `${added} added${known ? `, ${known} were here` : ''}${bad ? `, ${bad} not readable` : ''}.`,
	notTaken: 'That file is no cookbook saved here. Nothing has changed.',

	edit: 'What you saved cannot be used, so what was there before is:',
	step: (n = 0, of = 0) => `Step ${n} of ${of}`,
	sleepy: 'This screen may go dark: keeping it on takes https and a newer browser.',
	timer: (time = '') => `Timer ${time}`,
	timerRuns: (time = '') => `A timer of ${time} runs.`,
	timerUp: (step = '') => `Time is up: ${step}`,
	timerOff: (step = '') => `Stop the timer: ${step}`,
	toBuy: 'to buy',
	shopping: 'Copy what is to buy',
	again: 'again',
	againOf: (title = '') => `Write ${title} again`,
	copy: 'copy',
	copyOf: (title = '') => `Copy ${title}`,
	copied: 'Copied as Markdown.',
	notCopied: 'This browser lets no page copy. Markdown saves it as a file.',

	notSent: (why = '') => `Not sent: ${why}`,
	needed: 'Please fill this in.',
	tooLittle: (least = '') => `${least} characters at least, please, and a letter.`,
	tooLong: (n = 0, most = 0) => `That is ${n.toLocaleString('en')} characters; ${most.toLocaleString('en')} is the most.`,
	whole: (least = '', most = '') => `A whole number from ${least} to ${most}, please.`,
	unfit: 'This is not accepted. Please change it.',
	refusedTitle: 'The kitchen said no',
	unreachableTitle: 'No answer',
	unreachable: 'The server could not be reached. Is there a network? Generate asks again.',
	runTitle: 'The run failed',
	notOurs: (answer = '') => `The web server answered ${answer}, and not recipe.fcgi. Is it set up at this address?`,
};

/** The same where it is not a kitchen that writes: what a page of any graph says otherwise. */
export const neutral = {
	recipe: 'Head', choosing: 'Choosing', noName: 'None this time',
	waits: (what = '') => what ? `waiting for ${what}` : 'waiting',
	sent: 'Sent. Waiting for an answer.',
	queued: (before = NaN) => `All places are taken. ${before > 0 ? `${before} before you.` : 'You are next.'}`,
	full: (s = 0) => `All places are taken, and so is the queue. Asking again in ${s} s.`,
	demo: 'No model writes this, but a built-in demo. For a model give the server a key, such as GROQ_API_KEY.',
	begun: 'Writing has begun.',
	named: (name = '') => `Picked: ${name}.`,
	refusedTitle: 'Not accepted',
	unreachable: 'The server could not be reached. Is there a network? Write asks again.',
};

/** @param {number | undefined} ms @returns {string} '' where there is none */
export const seconds = (ms) => ms === undefined ? '' : (ms / 1000).toFixed(ms < 1000 ? 2 : 1) + words.unit;
