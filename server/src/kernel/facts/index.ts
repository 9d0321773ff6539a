/** All tables of facts, one after the other. */
import type { FactRow } from '../row.ts';
import { addressCalls } from './address-calls.ts';
import { allocators } from './allocators.ts';
import { dmaCalls } from './dma-calls.ts';
import { fields } from './fields.ts';
import { fileOperations } from './file-operations.ts';
import { handlerSlots } from './handler-slots.ts';
import { insertCalls } from './insert-calls.ts';
import { locks } from './locks.ts';
import { lookupCalls } from './lookup-calls.ts';
import { mmapPrepare } from './mmap-prepare.ts';
import { obsoleteCalls } from './obsolete-calls.ts';
import { pageProtections } from './page-protections.ts';
import { pageTableCalls } from './page-table-calls.ts';
import { remapCalls } from './remap-calls.ts';
import { subsystemCalls } from './subsystem-calls.ts';
import { types } from './types.ts';
import { vmOperations } from './vm-operations.ts';
import { vmaCalls } from './vma-calls.ts';
import { vmaFlagMasks } from './vma-flag-masks.ts';
import { vmaFlags } from './vma-flags.ts';
import { vmaFlagsHistory } from './vma-flags-history.ts';
import { zapCalls } from './zap-calls.ts';

export const factRows: readonly FactRow[] = [
  ...addressCalls,
  ...allocators,
  ...dmaCalls,
  ...fields,
  ...fileOperations,
  ...handlerSlots,
  ...insertCalls,
  ...locks,
  ...lookupCalls,
  ...mmapPrepare,
  ...obsoleteCalls,
  ...pageProtections,
  ...pageTableCalls,
  ...remapCalls,
  ...subsystemCalls,
  ...types,
  ...vmOperations,
  ...vmaCalls,
  ...vmaFlagMasks,
  ...vmaFlags,
  ...vmaFlagsHistory,
  ...zapCalls,
];
