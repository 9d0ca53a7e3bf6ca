// What may be said on the command line: workloads, and values that replace a workload's own.

import { parseArgs } from 'node:util';

const NUMBERS = ['first-ms', 'rate', 'batch', 'tokens', 'visitors', 'runs', 'seconds', 'provider-port', 'pid'];

function read() {
  const text = Object.fromEntries(NUMBERS.map((name) => [name, { type: 'string' }]));
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { ...text, url: { type: 'string' }, 'no-peer': { type: 'boolean' }, help: { type: 'boolean' } },
  });
  for (const name of NUMBERS.filter((n) => n in values)) {
    values[name] = Number(values[name]);
    if (!(values[name] >= 0)) throw new Error(`--${name} needs a number`);
  }
  return { ...values, workloads: positionals, peer: !values['no-peer'] && !values.url };
}

export const options = read();

export const HELP = `run [OPTION...] [WORKLOAD...]
  --first-ms N --rate N --batch N    the simulated provider's pace
  --tokens N --visitors N --runs N   how much of it; --seconds N for slow readers
  --no-peer                          without the Node server for the ratio
  --url URL                          a site that runs already, instead of ours;
  --provider-port N                  the simulator listens here, for that site to use:
                                     without it nothing is known of single tokens
  --pid N                            the root of its processes, for CPU and memory`;
