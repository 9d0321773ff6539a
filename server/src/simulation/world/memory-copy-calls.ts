/**
 * Copies inside the kernel where one side has pages: `memcpy` and its relatives move bytes, so that a mapping of the pages shows them.
 * Other copies are the business of services/memory.ts.
 */
import { forget } from '../../execution/memory.ts';
import type { KernelCall, KernelCallTable } from './call-context.ts';

/** Larger copies are not followed. Bytes. */
const largestCopy = 0x40_0000n;

/** `memcpy(to, from, length)`. A struct that has no pages is copied by value elsewhere. */
const copy: KernelCall = (context) => {
  const to = context.place(0);
  const from = context.place(1);
  const length = context.ulong(2);
  if (!to || !from || length === undefined || length > largestCopy) return undefined;
  const { memory } = context.environment;
  if (!memory.allocationOf(to.object) && !memory.allocationOf(from.object)) return undefined;
  const bytes = memory.readBytes(from, Number(length));
  if (!bytes) return undefined;
  forget(to, bytes.length);
  memory.writeBytes(to, bytes);
  return context.argument(0);
};

export const memoryCopyCalls: KernelCallTable = { memcpy: copy, memmove: copy, memcpy_fromio: copy, memcpy_toio: copy };
