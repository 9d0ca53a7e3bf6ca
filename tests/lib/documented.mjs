// The examples of docs/client.md, from its very text, in a directory of their own.

import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { atExit } from './leave.mjs';
import { PROJECT } from './site.mjs';

/** The code block after the line that is `NAME`: */
export function example(name) {
  const text = readFileSync(path.join(PROJECT, 'docs/client.md'), 'utf8');
  const found = new RegExp(`^\`${name.replace('.', '\\.')}\`:\n\n\`\`\`\\w+\n(.*?)^\`\`\`$`, 'ms').exec(text);
  if (!found) throw new Error(`docs/client.md has no ${name}`);
  return found[1];
}

/** htdocs with these examples in it; removed in the end. */
export function withExamples(...names) {
  const dir = mkdtempSync(path.join(tmpdir(), 'recipe-examples-'));
  atExit(() => rmSync(dir, { recursive: true, force: true }));
  cpSync(path.join(PROJECT, 'htdocs'), dir, { recursive: true });
  for (const name of names) writeFileSync(path.join(dir, name), example(name));
  return dir;
}
