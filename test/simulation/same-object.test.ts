/** Two pointers of a driver to structs of one kind may lead to one object, where the handler goes on only then. */
import { expect, test } from 'vitest';
import { driverWith } from './support/drivers.ts';
import { traceOf } from './support/simulate.ts';

const structs = 'struct owner {\n\tint id;\n};\nstruct gadget {\n\tstruct owner *mine;\n\tstruct owner *theirs;\n};\n';

function driverThatWants(comparison: string): string {
  return driverWith(`struct gadget *g = file->private_data;\n\tif (${comparison})\n\t\treturn -EINVAL;\n\treturn 0;`, structs);
}

test('they are one where others are refused', async () => {
  const trace = await traceOf(driverThatWants('g->mine != g->theirs'), { scenario: 'open rw\na = mmap len 1p prot rw shared\n' });
  expect(trace.assumptions.find(({ name }) => name.endsWith('theirs'))?.value).toMatch(/^the same as .*mine$/);
  expect(trace.steps.findLast(({ title }) => title.startsWith('mmap(2) returns'))?.title).toMatch(/returns 0x/);
});

test('they are two otherwise', async () => {
  const trace = await traceOf(driverThatWants('g->mine == g->theirs'), { scenario: 'open rw\na = mmap len 1p prot rw shared\n' });
  expect(trace.assumptions.some(({ value }) => value.startsWith('the same as'))).toBe(false);
  expect(trace.steps.findLast(({ title }) => title.startsWith('mmap(2) returns'))?.title).toMatch(/returns 0x/);
});
