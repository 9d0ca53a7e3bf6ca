// Prompts of a test's own: a directory with a stages.json of these stages, to
// be given to startSite as `prompts`. One input, "what".

import fs from 'node:fs/promises';
import path from 'node:path';

export const ASK = Object.freeze({ what: 'onions' });
const LIST = { items: 3, fields: ['name', 'intro'] };

/** A stage that asks a model; `more` are members of its own. */
export const stage = (part, service, more = {}) => ({ part, title: part, service, max_tokens: 72, temperature: 0.25, ...more });

/** A list stage and those that show its pick and the others: PART, PART_others, PART_pick. */
export function listStages(part, service, more = {}) {
  const pick = `${part}_it`;
  return [
    stage(part, service, { ...more, list: { ...LIST, pick }, template: 'Some recipes of {{what}}, as a JSON array.' }),
    { part: `${part}_others`, title: 'Others', each: part, template: '{{name}}: {{intro}}\n' },
    stage(`${part}_pick`, service, { needs: [pick], template: `More of [{{${pick}.name}}] [{{${pick}.intro}}], please.` }),
  ];
}

/**
 * Writes them; returns the directory. A stage's template is what it says, or a line of ours;
 * `system` is that of its system message.
 */
export async function writePrompts(dir, stages) {
  await fs.mkdir(dir, { recursive: true });
  for (const { part, template = 'A sentence about {{what}}, please.', system } of stages) {
    await fs.writeFile(path.join(dir, `${part}.txt`), template);
    if (system !== undefined) await fs.writeFile(path.join(dir, `${part}.system.txt`), system);
  }
  const graph = {
    inputs: { what: { type: 'text', min: 2, max: 200, required: true } },
    stages: stages.map(({ template, system, ...rest }) => rest),
  };
  await fs.writeFile(path.join(dir, 'stages.json'), JSON.stringify(graph, null, 2));
  return dir;
}
