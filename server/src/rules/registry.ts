/** All rules, in the order of the catalogue. The command line, the editor and the docs tests read this list. */

import { accessMissing } from './access-missing.ts';
import { accessNoBounds } from './access-no-bounds.ts';
import { actionProtOrder } from './action-prot-order.ts';
import { callFopMmap } from './call-fop-mmap.ts';
import { closeByPgoff } from './close-by-pgoff.ts';
import { closeDropsOne } from './close-drops-one.ts';
import { closeWithoutOpen } from './close-without-open.ts';
import { dmaMmapInside } from './dma-mmap-inside.ts';
import { doublePutOnError } from './double-put-on-error.ts';
import { faultAddressMath } from './fault-address-math.ts';
import { faultBitsAsErrno } from './fault-bits-as-errno.ts';
import { faultBlocks } from './fault-blocks.ts';
import { faultErrno } from './fault-errno.ts';
import { faultExtraGetPage } from './fault-extra-get-page.ts';
import { faultInsertPfnRetcode } from './fault-insert-pfn-retcode.ts';
import { faultMixedmapUnset } from './fault-mixedmap-unset.ts';
import { faultNoBounds } from './fault-no-bounds.ts';
import { faultNoGetPage } from './fault-no-get-page.ts';
import { faultNoPageSet } from './fault-no-page-set.ts';
import { faultPrototype } from './fault-prototype.ts';
import { faultSleepsAtomic } from './fault-sleeps-atomic.ts';
import { fileOpsProc } from './file-ops-proc.ts';
import { findVmaUnchecked } from './find-vma-unchecked.ts';
import { findVmaUnlocked } from './find-vma-unlocked.ts';
import { followPfnStale } from './follow-pfn-stale.ts';
import { forwardedVmFile } from './forwarded-vm-file.ts';
import { freeBeforeUnmap } from './free-before-unmap.ts';
import { gemFakeOffset } from './gem-fake-offset.ts';
import { gupPfnmap } from './gup-pfnmap.ts';
import { hugeFaultAlign } from './huge-fault-align.ts';
import { insertLoopLeak } from './insert-loop-leak.ts';
import { insertPageIo } from './insert-page-io.ts';
import { insertPageNoncompound } from './insert-page-noncompound.ts';
import { insertPageSlab } from './insert-page-slab.ts';
import { insertPagesNum } from './insert-pages-num.ts';
import { insertPfnCow } from './insert-pfn-cow.ts';
import { insertPfnFlags } from './insert-pfn-flags.ts';
import { ioRemapPlain } from './io-remap-plain.ts';
import { kernfsDifferentVmops } from './kernfs-different-vmops.ts';
import { lockInversion } from './lock-inversion.ts';
import { mappedBufferUnlocked } from './mapped-buffer-unlocked.ts';
import { mayexecNotCleared } from './mayexec-not-cleared.ts';
import { maywriteNotCleared } from './maywrite-not-cleared.ts';
import { missingDontcopy } from './missing-dontcopy.ts';
import { missingDontexpand } from './missing-dontexpand.ts';
import { missingOwner } from './missing-owner.ts';
import { missingSpecialMerge } from './missing-special-merge.ts';
import { missingVmIo } from './missing-vm-io.ts';
import { mixedPfnmapInsertPage } from './mixed-pfnmap-insert-page.ts';
import { mmapAndPrepare } from './mmap-and-prepare.ts';
import { mmapEagain } from './mmap-eagain.ts';
import { mmapIgnoredReturn } from './mmap-ignored-return.ts';
import { mmapNarrowType } from './mmap-narrow-type.ts';
import { mmapNoSizeCheck } from './mmap-no-size-check.ts';
import { mmapOffByOne } from './mmap-off-by-one.ts';
import { mmapPgoffIgnored } from './mmap-pgoff-ignored.ts';
import { mmapPgoffOverflow } from './mmap-pgoff-overflow.ts';
import { mmapPgoffUnchecked } from './mmap-pgoff-unchecked.ts';
import { mmapPhysTruncated } from './mmap-phys-truncated.ts';
import { mmapPositiveReturn } from './mmap-positive-return.ts';
import { mmapSemName } from './mmap-sem-name.ts';
import { mmapSizeNotVma } from './mmap-size-not-vma.ts';
import { mmapSubpageLeak } from './mmap-subpage-leak.ts';
import { mmapUnalignedPhys } from './mmap-unaligned-phys.ts';
import { mmapUninitialisedMemory } from './mmap-uninitialised-memory.ts';
import { mmioCached } from './mmio-cached.ts';
import { nopageTypeNull } from './nopage-type-null.ts';
import { obsoleteApi } from './obsolete-api.ts';
import { openCanFail } from './open-can-fail.ts';
import { openNotCalledFirst } from './open-not-called-first.ts';
import { pageMkwriteUnlocked } from './page-mkwrite-unlocked.ts';
import { pageReservedLeak } from './page-reserved-leak.ts';
import { pgprotAfterMap } from './pgprot-after-map.ts';
import { pgprotResultUnused } from './pgprot-result-unused.ts';
import { pgprotVmFlag } from './pgprot-vm-flag.ts';
import { preferMmapPrepare } from './prefer-mmap-prepare.ts';
import { prepareNeedsVma } from './prepare-needs-vma.ts';
import { prepareSideEffects } from './prepare-side-effects.ts';
import { privateDataUnref } from './private-data-unref.ts';
import { protHardcoded } from './prot-hardcoded.ts';
import { pteByHand } from './pte-by-hand.ts';
import { ramNoncached } from './ram-noncached.ts';
import { refAfterUnlock } from './ref-after-unlock.ts';
import { refLeakOnMmapError } from './ref-leak-on-mmap-error.ts';
import { remapArgsSwapped } from './remap-args-swapped.ts';
import { remapCowPartial } from './remap-cow-partial.ts';
import { remapDmaHandleAsPhys } from './remap-dma-handle-as-phys.ts';
import { remapErrorContinue } from './remap-error-continue.ts';
import { remapInFault } from './remap-in-fault.ts';
import { remapKmallocVirt } from './remap-kmalloc-virt.ts';
import { remapTwice } from './remap-twice.ts';
import { remapUnlocked } from './remap-unlocked.ts';
import { remapVmallocContiguous } from './remap-vmalloc-contiguous.ts';
import { remapVmallocNotUser } from './remap-vmalloc-not-user.ts';
import type { Rule } from './rule.ts';
import { savedVmaPointer } from './saved-vma-pointer.ts';
import { sysfsClose } from './sysfs-close.ts';
import { unmapOnRemove } from './unmap-on-remove.ts';
import { useAfterPut } from './use-after-put.ts';
import { uselessIgnore } from './useless-ignore.ts';
import { userAccessInMmap } from './user-access-in-mmap.ts';
import { vmFlagsDirectWrite } from './vm-flags-direct-write.ts';
import { vmFlagsInFault } from './vm-flags-in-fault.ts';
import { vmFlagsInitLive } from './vm-flags-init-live.ts';
import { vmFlagsPrivateField } from './vm-flags-private-field.ts';
import { vmFlagsRedundantOr } from './vm-flags-redundant-or.ts';
import { vmFlagsSetOld } from './vm-flags-set-old.ts';
import { vmFlagsUnlocked } from './vm-flags-unlocked.ts';
import { vmOpsNotConstStatic } from './vm-ops-not-const-static.ts';
import { vmOpsNull } from './vm-ops-null.ts';
import { vmReservedRemoved } from './vm-reserved-removed.ts';
import { vmSharedTest } from './vm-shared-test.ts';
import { vmaCountUnlocked } from './vma-count-unlocked.ts';
import { vmfInsertErrnoCompare } from './vmf-insert-errno-compare.ts';
import { zapVmaPtesMixed } from './zap-vma-ptes-mixed.ts';

export const rules: readonly Rule[] = [
  mmapNoSizeCheck,
  mmapPgoffUnchecked,
  mmapPgoffOverflow,
  mixedPfnmapInsertPage,
  insertPfnCow,
  remapCowPartial,
  vmFlagsDirectWrite,
  vmFlagsInFault,
  vmFlagsUnlocked,
  vmFlagsSetOld,
  vmFlagsPrivateField,
  vmFlagsRedundantOr,
  vmFlagsInitLive,
  vmOpsNull,
  vmOpsNotConstStatic,
  vmReservedRemoved,
  missingVmIo,
  mmapSemName,
  remapUnlocked,
  findVmaUnlocked,
  obsoleteApi,
  mmapIgnoredReturn,
  remapErrorContinue,
  mmapPositiveReturn,
  mmapEagain,
  faultErrno,
  faultBitsAsErrno,
  faultNoPageSet,
  faultNoGetPage,
  faultMixedmapUnset,
  vmaCountUnlocked,
  vmfInsertErrnoCompare,
  pageMkwriteUnlocked,
  remapInFault,
  remapTwice,
  userAccessInMmap,
  zapVmaPtesMixed,
  pgprotResultUnused,
  pgprotAfterMap,
  pgprotVmFlag,
  protHardcoded,
  ioRemapPlain,
  mmioCached,
  ramNoncached,
  mmapAndPrepare,
  prepareNeedsVma,
  callFopMmap,
  fileOpsProc,
  pteByHand,
  pageReservedLeak,
  sysfsClose,
  accessMissing,
  accessNoBounds,
  mmapNarrowType,
  mmapPhysTruncated,
  mmapPgoffIgnored,
  mmapUnalignedPhys,
  mmapOffByOne,
  mmapSizeNotVma,
  mmapSubpageLeak,
  mmapUninitialisedMemory,
  remapArgsSwapped,
  remapKmallocVirt,
  remapDmaHandleAsPhys,
  dmaMmapInside,
  remapVmallocContiguous,
  remapVmallocNotUser,
  insertPfnFlags,
  insertPageSlab,
  insertPageNoncompound,
  insertPageIo,
  insertLoopLeak,
  insertPagesNum,
  maywriteNotCleared,
  mayexecNotCleared,
  vmSharedTest,
  missingDontexpand,
  missingSpecialMerge,
  missingDontcopy,
  openNotCalledFirst,
  openCanFail,
  closeWithoutOpen,
  closeByPgoff,
  closeDropsOne,
  faultNoBounds,
  hugeFaultAlign,
  faultInsertPfnRetcode,
  faultPrototype,
  findVmaUnchecked,
  actionProtOrder,
  refLeakOnMmapError,
  refAfterUnlock,
  doublePutOnError,
  useAfterPut,
  faultExtraGetPage,
  faultSleepsAtomic,
  faultBlocks,
  prepareSideEffects,
  forwardedVmFile,
  kernfsDifferentVmops,
  nopageTypeNull,
  missingOwner,
  faultAddressMath,
  gemFakeOffset,
  lockInversion,
  freeBeforeUnmap,
  mappedBufferUnlocked,
  savedVmaPointer,
  privateDataUnref,
  unmapOnRemove,
  followPfnStale,
  gupPfnmap,
  preferMmapPrepare,
  uselessIgnore,
];

const byName = new Map(rules.map((rule) => [rule.name, rule]));

export function ruleNamed(name: string): Rule | undefined {
  return byName.get(name);
}
