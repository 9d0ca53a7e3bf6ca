// @ts-check
/**
 * Every word that the page's code says, so that another language is another
 * file like this one.
 */

/** How a part is called inside a sentence. @type {Record<string, string>} */
const called = {
	init: 'the choice of a recipe',
	int: 'the introduction',
	add: 'the ingredient list',
	ste: 'the list of steps',
	sde: 'the side dishes',
	ing: 'the word on your ingredients',
	alt: 'the list of other ideas',
};

/** What a part waits for. @type {Record<string, string>} */
const waiting = {
	init: 'waiting for the cooks',
	int: 'waiting for a name',
	add: 'waiting for a name',
	ste: 'waiting for the ingredients',
	sde: 'waiting for a name',
	ing: 'waiting for a cook',
	alt: 'waiting for the other ideas',
};

/** @param {number} ms */
const seconds = (ms) => `${(ms / 1000).toFixed(ms < 1000 ? 2 : 1)} s`;

/** @param {unknown} x @returns {x is number} */
const isNumber = (x) => typeof x === 'number' && Number.isFinite(x);

/**
 * @param {any} tokens a number, or {in, out, estimated}
 * @returns {string}
 */
function tokenCount(tokens) {
	if (isNumber(tokens))
		return `${tokens.toLocaleString('en')} tokens`;
	if (!isNumber(tokens?.out))
		return '';
	const about = tokens.estimated ? 'about ' : '';
	const read = isNumber(tokens.in) ? ` after reading ${tokens.in.toLocaleString('en')}` : '';
	return `${about}${tokens.out.toLocaleString('en')} tokens written${read}`;
}

export const words = {
	choosing: 'Choosing a recipe',
	noName: 'No recipe this time',
	noIdeas: 'There were none this time.',

	/**
	 * The state of a part, in words.
	 *
	 * @param {string} part
	 * @param {string} state
	 * @param {{ ms?: number, attempt?: number, why?: string }} [about]
	 */
	state(part, state, about = {}) {
		const again = (about.attempt ?? 1) > 1 ? `, attempt ${about.attempt}` : '';
		const time = isNumber(about.ms) ? seconds(about.ms) : '';
		switch (state) {
		case 'waiting': return waiting[part];
		case 'start': return part === 'init' ? `choosing${again}` : `asked${again}`;
		case 'first': return part === 'init' ? `choosing${again}` : `writing${again}`;
		case 'reset': return 'beginning again';
		case 'done': return time && (part === 'init' ? `chosen in ${time}` : `done in ${time}`) || 'done';
		case 'cut': return 'cut short by the length limit';
		case 'filtered': return 'withheld by the provider';
		case 'failed': return 'failed';
		case 'skipped': return about.why && called[about.why] ? `skipped because ${called[about.why]} failed` : 'skipped';
		case 'stopped': return 'stopped';
		case 'broken': return 'broken off';
		default: return '';
		}
	},

	sent: 'Sent. Waiting for the kitchen.',
	started: 'Started: the cooks are writing.',
	/** @param {string} name */
	named: (name) => `The recipe is ${name}.`,
	/** @param {number} n @param {number} of */
	progress: (n, of) => `${n} of ${of} sections done.`,
	/** @param {number} n @param {number} of @param {number} [ms] */
	finished: (n, of, ms) => `Finished${isNumber(ms) ? ` in ${seconds(ms)}` : ''} with ${n === of ? `all ${of}` : `${n} of ${of}`} sections.`,
	nothing: 'Nothing was written.',
	stopped: 'Stopped. What came is kept.',
	/** @param {string} why */
	notSent: (why) => `Not sent: ${why}`,

	/** @param {{ ms?: number, first_ms?: number, tokens?: any }} done */
	total({ ms, first_ms, tokens }) {
		const facts = [isNumber(ms) ? `Written in ${seconds(ms)}` : 'Written'];
		if (isNumber(first_ms))
			facts.push(`the first word after ${seconds(first_ms)}`);
		const count = tokenCount(tokens);
		if (count)
			facts.push(count);
		return `${facts.join(', ')}. All times count from your request.`;
	},

	/** @param {string} all @param {string} sum */
	pace: (all, sum) => `All at once: ${all}. One after another: ${sum}.`,
	/** @param {number} n @param {number} of */
	step: (n, of) => `Step ${n} of ${of}`,
	sleepy: 'This screen may fall asleep: keeping it awake needs https and a browser that can.',
	again: 'again',
	/** @param {string} title */
	againOf: (title) => `Write ${title} again`,
	copied: 'Copied as Markdown.',
	notCopied: 'This browser lets pages copy over https alone. Markdown saves it as a file.',

	tooShort: 'Two characters at least, please.',
	/** @param {number} n */
	tooLong: (n) => `That is ${n.toLocaleString('en')} characters; 2,000 is the most.`,
	noLetter: 'There should be a word among them.',

	/** @param {number} n @param {number} of */
	broke: (n, of) => `The connection broke with ${n} of ${of} sections done. What came is kept.`,
	refusedTitle: 'The kitchen said no',
	unreachableTitle: 'No answer',
	unreachable: 'The server could not be reached. Is there a network? Generate asks again.',
	runTitle: 'The run failed',
	/** @param {number} status @param {string} text */
	httpStatus: (status, text) => `The web server answered ${status}${text ? ` ${text}` : ''}, and not recipe.fcgi.`,
	/** @param {string} type */
	notAStream: (type) => `The server answered with ${type || 'something unnamed'}, not with a recipe. Is recipe.fcgi set up at this address?`,

	demoHint: 'This is the built-in demo cook. For a real model set FIREWORKS_API_KEY, GROQ_API_KEY or OPENAI_API_KEY where the server runs.',
};
