// How cost grows with visitors; only when it is named.

import { crowd } from './crowd.mjs';

export const order = 31;
export const needs = 'provider';
export const extra = true;

export async function run({ row }) {
  for (const visitors of [50, 100, 200, 400]) {
    const [ours, node] = await crowd(visitors);
    row(`${visitors} visitors: CPU for each`, (1000 * ours.cpu) / visitors, { unit: 'ms', node: (1000 * node.cpu) / visitors });
    row('   PSS for each', ours.mem / visitors, { unit: 'MiB', node: node.mem / visitors });
    row('   relay p99', ours.p99, { unit: 'ms', node: node.p99 });
  }
}
