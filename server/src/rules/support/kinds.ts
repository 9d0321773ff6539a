/** Kinds of handlers, as rules speak of them. */
import type { HandlerKind } from '../../driver/model.ts';

/** Handlers that answer a fault and return VM_FAULT_ bits. */
export const faultKinds: ReadonlySet<HandlerKind> = new Set(['fault', 'huge_fault', 'page_mkwrite', 'pfn_mkwrite', 'map_pages']);

/** Calls that change the flags of a vma since 6.3. */
export const flagHelpers: ReadonlySet<string> = new Set([
  'vm_flags_set',
  'vm_flags_clear',
  'vm_flags_mod',
  'vm_flags_reset',
  'vm_flags_init',
]);
