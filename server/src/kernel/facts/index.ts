/** All tables of facts, one after the other. */
import type { FactRow } from '../row.ts';
import { addressCalls } from './address-calls.ts';
import { allocators } from './allocators.ts';
import { allocatorsDevice } from './allocators-device.ts';
import { dmaCalls } from './dma-calls.ts';
import { drmCalls } from './drm-calls.ts';
import { faultFlags } from './fault-flags.ts';
import { fields } from './fields.ts';
import { fileOperations } from './file-operations.ts';
import { insertFrameCalls } from './insert-frame-calls.ts';
import { insertPageCalls } from './insert-page-calls.ts';
import { lookupCalls } from './lookup-calls.ts';
import { mmapLock } from './mmap-lock.ts';
import { mmapPrepare } from './mmap-prepare.ts';
import { obsoleteCalls } from './obsolete-calls.ts';
import { obsoleteHelpers } from './obsolete-helpers.ts';
import { otherLocks } from './other-locks.ts';
import { pageProtections } from './page-protections.ts';
import { pageTableCalls } from './page-table-calls.ts';
import { remapCalls } from './remap-calls.ts';
import { slotsGraphicsMedia } from './slots-graphics-media.ts';
import { slotsOther } from './slots-other.ts';
import { slotsSound } from './slots-sound.ts';
import { subsystemCalls } from './subsystem-calls.ts';
import { tablePointers } from './table-pointers.ts';
import { types } from './types.ts';
import { vmOperations } from './vm-operations.ts';
import { vmOperationsHistory } from './vm-operations-history.ts';
import { vmaCalls } from './vma-calls.ts';
import { vmaFlagMasks } from './vma-flag-masks.ts';
import { vmaFlags } from './vma-flags.ts';
import { vmaFlagsHistory } from './vma-flags-history.ts';
import { vmaFlagsSystem } from './vma-flags-system.ts';
import { zapCalls } from './zap-calls.ts';

export const factRows: readonly FactRow[] = [
  ...addressCalls,
  ...allocators,
  ...allocatorsDevice,
  ...dmaCalls,
  ...drmCalls,
  ...faultFlags,
  ...fields,
  ...fileOperations,
  ...insertFrameCalls,
  ...insertPageCalls,
  ...lookupCalls,
  ...mmapLock,
  ...mmapPrepare,
  ...obsoleteCalls,
  ...obsoleteHelpers,
  ...otherLocks,
  ...pageProtections,
  ...pageTableCalls,
  ...remapCalls,
  ...slotsGraphicsMedia,
  ...slotsOther,
  ...slotsSound,
  ...subsystemCalls,
  ...tablePointers,
  ...types,
  ...vmOperations,
  ...vmOperationsHistory,
  ...vmaCalls,
  ...vmaFlagMasks,
  ...vmaFlags,
  ...vmaFlagsHistory,
  ...vmaFlagsSystem,
  ...zapCalls,
];
