/** All rules, in the order of the catalogue. The command line, the editor and the docs tests read this list. */
import { findVmaUnlocked } from './find-vma-unlocked.ts';
import { insertPfnCow } from './insert-pfn-cow.ts';
import { mixedPfnmapInsertPage } from './mixed-pfnmap-insert-page.ts';
import { mmapNoSizeCheck } from './mmap-no-size-check.ts';
import { mmapPgoffOverflow } from './mmap-pgoff-overflow.ts';
import { mmapPgoffUnchecked } from './mmap-pgoff-unchecked.ts';
import { mmapSemName } from './mmap-sem-name.ts';
import { obsoleteApi } from './obsolete-api.ts';
import { remapCowPartial } from './remap-cow-partial.ts';
import { remapUnlocked } from './remap-unlocked.ts';
import type { Rule } from './rule.ts';
import { uselessIgnore } from './useless-ignore.ts';
import { vmFlagsDirectWrite } from './vm-flags-direct-write.ts';
import { vmFlagsInFault } from './vm-flags-in-fault.ts';
import { vmFlagsInitLive } from './vm-flags-init-live.ts';
import { vmFlagsPrivateField } from './vm-flags-private-field.ts';
import { vmFlagsRedundantOr } from './vm-flags-redundant-or.ts';
import { vmFlagsSetOld } from './vm-flags-set-old.ts';
import { vmOpsNotConstStatic } from './vm-ops-not-const-static.ts';
import { vmOpsNull } from './vm-ops-null.ts';
import { vmReservedRemoved } from './vm-reserved-removed.ts';

export const rules: readonly Rule[] = [
  mmapNoSizeCheck,
  mmapPgoffUnchecked,
  mmapPgoffOverflow,
  mixedPfnmapInsertPage,
  insertPfnCow,
  remapCowPartial,
  vmFlagsDirectWrite,
  vmFlagsInFault,
  vmFlagsSetOld,
  vmFlagsPrivateField,
  vmFlagsRedundantOr,
  vmFlagsInitLive,
  vmOpsNull,
  vmOpsNotConstStatic,
  vmReservedRemoved,
  mmapSemName,
  remapUnlocked,
  findVmaUnlocked,
  obsoleteApi,
  uselessIgnore,
];

const byName = new Map(rules.map((rule) => [rule.name, rule]));

export function ruleNamed(name: string): Rule | undefined {
  return byName.get(name);
}
