/** All tables of facts, one after the other. JSON has no big integers: the bits of flags are read here. */
import type { FactRow, FlagRow, Since } from '../row.ts';
import rows from './rows.json' with { type: 'json' };

export const factRows: readonly FactRow[] = (rows as readonly unknown[] as readonly FactRow[]).map((row) =>
  row.kind === 'flag' && row.values !== undefined ? { ...row, values: bitsOf(row.values) } : row,
);

function bitsOf(values: FlagRow['values']): Since<bigint | undefined> {
  if (typeof values === 'object') return Object.fromEntries(Object.entries(values).map(([since, bits]) => [since, BigInt(String(bits))]));
  return BigInt(String(values));
}
