// @ts-check
/**
 * What the data of an event means: PART|TEXT, or _CONTROL|JSON.
 *
 * @typedef {{ kind: 'text', part: string, text: string }} TextEvent
 * @typedef {{ kind: 'control', name: string, value: Record<string, any> }} ControlEvent
 * @typedef {TextEvent | ControlEvent} WireEvent
 */

/**
 * @param {string} data
 * @returns {WireEvent | null} null: not of this wire, to be dropped
 */
export function readData(data) {
	const bar = data.indexOf('|');
	if (bar < 1)
		return null;
	const part = data.slice(0, bar);
	const rest = data.slice(bar + 1);
	if (part[0] !== '_')
		return { kind: 'text', part, text: rest.replaceAll('\u2B91', '\n') };
	try {
		const value = JSON.parse(rest);
		if (value !== null && typeof value === 'object')
			return { kind: 'control', name: part, value };
	} catch {
		/* A control part that cannot be read is one we do not know. */
	}
	return null;
}
