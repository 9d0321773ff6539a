/**
 * From values that the search found to a scenario that a person can read and the simulator can run. Its `assume` lines are what the
 * values say of the driver's own state; a replay that shows the finding without them leaves them out.
 */
import { driverValues } from '../../analysis/driver-values.ts';
import { requestOf } from '../../analysis/query.ts';
import { evaluate, type Model } from '../../execution/term-evaluate.ts';
import type { Moment } from './questions.ts';

/** Pages. Far larger than what the simulation assumes for a device, and small enough to read. */
const farBeyond = 1024n;

/** A mapping that works, one that fails, and the end of the program, after which nothing of both may be left. */
export const failedMapping = `open rw
a = mmap len 1p off 0p prot rw shared
b = mmap len ${farBeyond}p off 0p prot rw shared expect any
exit
`;

export interface WitnessOptions {
  /** The finding is about a length that nothing bounds: a readable one does as well as the model's. */
  readonly anyLength?: true;
  /** What mmap(2) is expected to do. */
  readonly expects?: 'ok';
  /** Touch the first page afterwards, for what goes wrong on the fault. */
  readonly access?: 'read' | 'write';
  /** Pages at least. */
  readonly leastPages?: bigint;
  /** What is done and expected afterwards, in lines of a scenario; `a` is the mapping. */
  readonly then?: readonly string[];
}

/** A scenario with one mmap(2) by the values of `model`; `undefined` where the entry is no mmap handler. */
export function witnessOf({ entry, path, event }: Moment, model: Model, options: WitnessOptions = {}): string | undefined {
  if (entry.entry.handler?.kind !== 'mmap') return undefined;
  const value = (term: 'pages' | 'pgoff') => {
    const symbol = entry.symbols[term];
    return symbol && evaluate(symbol.term, model)?.wrapped;
  };
  const asked = options.anyLength ? farBeyond : (value('pages') ?? 1n);
  const least = options.leastPages ?? 1n;
  const pages = asked < least ? least : asked;
  const offset = value('pgoff') ?? 0n;
  const request = requestOf(entry, model) ?? { prot: 'rw', shared: true, open: 'rw' };
  const state = driverValues(path.conditions.slice(0, event.after), entry.symbols, model);
  const lines = [
    ...[...state].flatMap(([name, value]) => (/[=#"{]/.test(name) ? [] : [`assume ${name} = ${value}`])),
    `open ${request.open === 'r' ? 'ro' : 'rw'}`,
    `a = mmap len ${pages}p off ${offset}p prot ${request.prot === '' ? 'none' : request.prot} ${request.shared ? 'shared' : 'private'}${options.expects ? ` expect ${options.expects}` : ''}`,
  ];
  if (options.access) lines.push(`${options.access} a`);
  lines.push(...(options.then ?? []));
  return `${lines.join('\n')}\n`;
}
