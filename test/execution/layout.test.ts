/** Where the fields of a struct lie whose layout is known in part. */
import { expect, test } from 'vitest';
import { run } from '../../server/src/execution/run.ts';
import { emptyDialect, numberIn, programOfText, TestWorld, testBudget } from '../support/program.ts';

async function returned(text: string): Promise<bigint | undefined> {
  const outcome = run(await programOfText(text), emptyDialect, 'result', [], new TestWorld(), testBudget);
  return outcome.kind === 'returned' ? numberIn(outcome.value) : undefined;
}

test('an array whose length nobody knows lies over no other field', async () => {
  const text = (after: string) => `
struct slots {
	long first;
	long slot[SLOTS_OF_A_HEADER];
	long ${after};
};
long result(void)
{
	struct slots it;

	it.slot[0] = 1;
	it.${after} = 2;
	return it.slot[0];
}
`;
  expect(await returned(text('owner'))).toBe(1n);
});

test('a flexible array begins where its struct ends', async () => {
  expect(
    await returned(`
struct ring {
	long head;
	long slot[];
};
long result(void)
{
	return sizeof(struct ring);
}
`),
  ).toBe(8n);
});
