/** The flags and error numbers of the model are those of the kernel facts. */
import { expect, test } from 'vitest';
import { errnos } from '../../server/src/kernel/errno.ts';
import { flagFact, flagValue } from '../../server/src/kernel/lookup.ts';
import { parseVersion } from '../../server/src/kernel/version.ts';
import { errno } from '../../server/src/mm/errno.ts';
import * as flags from '../../server/src/mm/flags.ts';

test.each(['6.1', '6.12', '7.1'])('vma flags have the values of %s', (text) => {
  const version = parseVersion(text);
  if (!version) throw new Error(text);
  const compared = Object.entries(flags).filter(
    ([name, value]) => typeof value === 'bigint' && flagFact(name) && flagValue(name, version) !== undefined,
  );
  expect(compared.length).toBeGreaterThan(20);
  for (const [name, value] of compared) expect([name, value]).toEqual([name, flagValue(name, version)]);
});

test('error numbers agree', () => {
  for (const [name, value] of Object.entries(errno)) expect([name, value]).toEqual([name, errnos[name]]);
});
