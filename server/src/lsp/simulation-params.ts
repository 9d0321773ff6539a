/**
 * What the requests for simulations may bring: clients of every kind send them, also by hand. A table; a value that does not fit is
 * answered with a sentence, and nothing runs.
 */
import { parseVersion } from '../kernel/version.ts';

interface Field {
  readonly takes: string;
  fits(value: unknown): boolean;
}

const text: Field = { takes: 'a text', fits: (value) => typeof value === 'string' };
const kernel: Field = {
  takes: 'auto or a Linux version such as 6.12 or 2.6.15',
  fits: (value) => typeof value === 'string' && (value === 'auto' || parseVersion(value) !== undefined),
};
const wholeNumber: Field = {
  takes: 'a whole number from 0',
  fits: (value) => Number.isSafeInteger(value) && Number(value) >= 0,
};

const fields: Readonly<Record<string, Field>> = {
  uri: text,
  handler: text,
  scenario: text,
  scenarioUri: text,
  kernel,
  kernels: {
    takes: 'a list of Linux versions such as 6.12 and 2.6.15',
    fits: (value) => Array.isArray(value) && value.length > 0 && value.every((each) => text.fits(each)),
  },
  position: { takes: 'a place with line and character', fits: isPosition },
  seed: wholeNumber,
  budget: wholeNumber,
};

/** What is wrong with the parameters of a request, for people; `undefined` when nothing is. */
export function problemOfParams(params: unknown): string | undefined {
  if (typeof params !== 'object' || params === null) return 'The request has no parameters; it takes at least `uri`.';
  const given = new Map(Object.entries(params));
  if (!given.has('uri')) return '`uri`, the C file that is open, is missing.';
  for (const [name, { takes, fits }] of Object.entries(fields)) {
    const value = given.get(name);
    if (value !== undefined && !fits(value)) return `\`${name}\` takes ${takes}, not ${JSON.stringify(value)}.`;
  }
  return undefined;
}

function isPosition(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('line' in value) || !('character' in value)) return false;
  return wholeNumber.fits(value.line) && wholeNumber.fits(value.character);
}
