/** The bytes that fields of a scenario stand for. Knows no process. */
import type { Amount, DataField } from '../scenario/model.ts';
import { bytesOfNumber } from './look.ts';

/** The fields one after the other; `undefined` when a number cannot be known. */
export function bytesOf(fields: readonly DataField[], amountOf: (amount: Amount) => bigint | undefined): Uint8Array | undefined {
  const bytes: number[] = [];
  for (const field of fields) {
    if (field.kind === 'text') {
      for (const character of field.text) bytes.push(character.charCodeAt(0) & 0xff);
    } else if (field.kind === 'zero') {
      for (let index = 0n; index < field.length; index++) bytes.push(0);
    } else {
      const value = amountOf(field.value);
      if (value === undefined) return undefined;
      bytes.push(...bytesOfNumber(value, field.bytes));
    }
  }
  return Uint8Array.from(bytes);
}
