/**
 * The vma flags of one version as a whole: names to bits, and the VmFlags line of /proc/PID/smaps. Bits are those of
 * x86-64.
 */
import type { FlagFact } from './fact.ts';
import { allFacts, valueAt } from './lookup.ts';
import { atLeast, compareVersions, formatVersion, type KernelVersion } from './version.ts';

interface FlagAt {
  readonly name: string;
  readonly bits: bigint;
  /** The letters of smaps; absent where it shows `??`. */
  readonly code?: string;
}

const vmaFlagFacts: readonly FlagFact[] = allFacts().filter((fact): fact is FlagFact => fact.kind === 'flag' && fact.family === 'vma');
const tables = new Map<string, ReadonlyMap<bigint, FlagAt>>();

/** Every single vma flag that has a bit on `version`, by name. */
export function vmFlags(version: KernelVersion): Readonly<Record<string, bigint>> {
  return Object.fromEntries(flagsAt(version).map(({ name, bits }) => [name, bits]));
}

/**
 * The VmFlags line of /proc/PID/smaps without its label, in the order of the bits, as `show_smap_vma_flags` prints it
 * (3.8 and later; 6.1 and 6.12 read). A bit that smaps does not know is `??`; protection keys are not shown there.
 */
export function smapsCodes(flags: bigint, version: KernelVersion): readonly string[] {
  if (!hasSmapsFlags(version)) return [];
  const isProtectionKey = (bits: bigint) => bits >= 1n << 32n && bits <= 1n << 35n;
  return bitsOf(flags).flatMap((bits) => (isProtectionKey(bits) ? [] : [tableAt(version).get(bits)?.code ?? '??']));
}

/** The two-letter codes that smaps has in any version. */
export const knownSmapsCodes: readonly string[] = [...new Set(vmaFlagFacts.flatMap(({ smaps }) => smaps ?? []))].sort();

/** The names of vma flags that any version has. */
export const knownVmaFlags: readonly string[] = [...new Set(vmaFlagFacts.map(({ name }) => name))];

/** The names of the flags in `flags`, in the order of the bits; a bit without a name as `0x…`. */
export function vmFlagNames(flags: bigint, version: KernelVersion): readonly string[] {
  return bitsOf(flags).map((bits) => tableAt(version).get(bits)?.name ?? `0x${bits.toString(16)}`);
}

function bitsOf(flags: bigint): readonly bigint[] {
  const found: bigint[] = [];
  for (let bit = 0n; bit < 64n; bit++) if ((flags >> bit) & 1n) found.push(1n << bit);
  return found;
}

function flagsAt(version: KernelVersion): readonly FlagAt[] {
  return vmaFlagFacts.flatMap((fact) => {
    const bits = valueAt(fact.values, version);
    const code = codeOf(fact, version);
    return bits === undefined ? [] : [{ name: fact.name, bits, ...(code && { code }) }];
  });
}

/** The flags of a version by their bits; of two that share one, the later in the tables (`VM_PAT` for `VM_ARCH_1`). */
function tableAt(version: KernelVersion): ReadonlyMap<bigint, FlagAt> {
  const key = formatVersion(version);
  const table = tables.get(key) ?? new Map(flagsAt(version).map((flag) => [flag.bits, flag]));
  tables.set(key, table);
  return table;
}

function codeOf(fact: FlagFact, version: KernelVersion): string | undefined {
  const known = !fact.smapsSince || compareVersions(version, fact.smapsSince) >= 0;
  return hasSmapsFlags(version) && known ? fact.smaps : undefined;
}

/** The VmFlags line came with 3.8. */
function hasSmapsFlags(version: KernelVersion): boolean {
  return atLeast(version, 3, 8);
}
