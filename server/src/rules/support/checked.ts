/** Handlers whose caller is not mmap(2) itself, and may have compared the vma with the object before it calls them. */
import type { Handler } from '../../driver/model.ts';
import { slotFact } from '../../kernel/lookup.ts';

/** True when the subsystem is known to check, and when nothing is known about who calls the handler. */
export function mayBeCheckedBefore(handler: Handler): boolean {
  const [container = '', slot = ''] = handler.slot.split('.');
  return slotFact(container, slot)?.boundsCheckedByCore ?? true;
}
