// Modules of the page that import nothing, for tests that compare with what it says.
// Browsers know them for modules; Node 18 takes a .js for CommonJS.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { PROJECT } from './lib.mjs';

export const source = (name) => readFileSync(path.join(PROJECT, 'htdocs', name), 'utf8');
const module = (text) => import(`data:text/javascript,${encodeURIComponent(text)}`);

export const ko = await module(source('ko.js'));
export const { words, neutral } = await module(source('words.js'));
/** The codes of errors, by the sentence that says them. */
export const { CODES } = await module(`export ${/^export (const CODES = \{.*?^\};)/ms.exec(source('fault.js'))[1]}`);
