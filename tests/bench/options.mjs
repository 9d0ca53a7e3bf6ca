// What may be said on the command line: workloads, and values that replace a workload's own.

import { parseArgs } from 'node:util';

const NUMBERS = ['first-ms', 'rate', 'batch', 'tokens', 'visitors', 'runs', 'seconds', 'pairs', 'provider-port', 'pid'];

const number = (text) => (/^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN);

/** The address that takes orders, of a site's own address. */
const generate = (url) => (url.endsWith('/') ? `${url}generate` : url);

function parse(args) {
  const text = Object.fromEntries(NUMBERS.map((name) => [name, { type: 'string' }]));
  try {
    return parseArgs({
      args, allowPositionals: true,
      options: { ...text, base: { type: 'string' }, measure: { type: 'string' }, url: { type: 'string' }, 'no-peer': { type: 'boolean' }, help: { type: 'boolean' } },
    });
  } catch (error) {
    return { values: {}, positionals: [], fault: error.message };
  }
}

/** The options as an object; `faults` says in words what is wrong with them. */
export function readOptions(args) {
  const { values, positionals, fault } = parse(args);
  const faults = fault ? [fault] : [];
  for (const name of NUMBERS.filter((n) => n in values)) {
    const value = number(values[name]);
    if (Number.isNaN(value)) faults.push(`--${name} needs a number`);
    values[name] = value;
  }
  if (values.url !== undefined && !/^http:\/\/[^/]+\//.test(values.url)) faults.push('--url needs an address like http://127.0.0.1:8080/');
  if (values.url !== undefined) values.url = generate(values.url);
  return { ...values, faults, workloads: positionals, peer: !values['no-peer'] && !values.url };
}

export const options = readOptions(process.argv.slice(2));

export const HELP = `run [OPTION...] [WORKLOAD...]
  --first-ms N --rate N --batch N    the simulated provider's pace
  --tokens N                         of each part but the list
  --visitors N                       at once, in crowd, flood, queue, slow and visit
  --runs N                           in flood, https and visit
  --seconds N                        for slow
  --base PROGRAM --pairs N           for against: another build, and how many turns (15)
  --measure NAME,NAME                for against: only these
  --no-peer                          without the Node server for the ratio
  --url URL                          a site that runs already, instead of ours
  --provider-port N                  the simulator listens here, for that site to use: its
                                     templates must begin with a line "Part: NAME", and
                                     without it nothing is known of single tokens
  --pid N                            the root of its processes, for CPU and memory`;
