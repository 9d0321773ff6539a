/** Handlers whose subsystem compares the vma with the object before it calls them. */
import type { Handler } from '../../driver/model.ts';
import { slotFact } from '../../kernel/lookup.ts';

export function checkedBefore(handler: Handler): boolean {
  const [container = '', slot = ''] = handler.slot.split('.');
  return slotFact(container, slot)?.boundsCheckedByCore === true;
}
