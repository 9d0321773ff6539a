/**
 * The vma flags of one version as a whole: names to bits, and the VmFlags line of /proc/PID/smaps. Bits are those of
 * x86-64.
 */
import type { FlagFact } from './fact.ts';
import { allFacts, flagFact, valueAt } from './lookup.ts';
import { atLeast, compareVersions, type KernelVersion } from './version.ts';

const vmaFlagFacts: readonly FlagFact[] = allFacts().filter((fact): fact is FlagFact => fact.kind === 'flag' && fact.family === 'vma');

/** Every single vma flag that has a bit on `version`, by name. */
export function vmFlags(version: KernelVersion): Readonly<Record<string, bigint>> {
  return Object.fromEntries(
    vmaFlagFacts.flatMap((fact) => {
      const bits = valueAt(fact.values, version);
      return bits === undefined ? [] : [[fact.name, bits]];
    }),
  );
}

/** The two letters of a vma flag in smaps on `version`; `undefined` for a flag that smaps shows as `??`, and before 3.8. */
export function smapsCode(name: string, version: KernelVersion): string | undefined {
  const fact = flagFact(name);
  return fact && codeOf(fact, version);
}

/**
 * The VmFlags line of /proc/PID/smaps without its label, in the order of the bits, as `show_smap_vma_flags` prints it
 * (3.8 and later; 6.1 and 6.12 read). A bit that smaps does not know is `??`; protection keys are not shown there.
 */
export function smapsCodes(flags: bigint, version: KernelVersion): readonly string[] {
  if (!atLeast(version, 3, 8)) return [];
  const codes = new Map<bigint, string>();
  for (const fact of vmaFlagFacts) {
    const bits = valueAt(fact.values, version);
    const code = codeOf(fact, version);
    if (bits !== undefined && code !== undefined) codes.set(bits, code);
  }
  const shown: string[] = [];
  for (let bit = 0n; bit < 64n; bit++) {
    const isProtectionKey = bit >= 32n && bit <= 35n;
    if ((flags >> bit) & 1n && !isProtectionKey) shown.push(codes.get(1n << bit) ?? '??');
  }
  return shown;
}

/** The names of the flags in `flags`, in the order of the bits; a bit without a name as `0x…`. */
export function vmFlagNames(flags: bigint, version: KernelVersion): readonly string[] {
  const names = new Map(Object.entries(vmFlags(version)).map(([name, bits]) => [bits, name]));
  const found: string[] = [];
  for (let bit = 0n; bit < 64n; bit++) {
    const bits = 1n << bit;
    if (flags & bits) found.push(names.get(bits) ?? `0x${bits.toString(16)}`);
  }
  return found;
}

function codeOf(fact: FlagFact, version: KernelVersion): string | undefined {
  if (!atLeast(version, 3, 8) || valueAt(fact.values, version) === undefined) return undefined;
  return fact.smapsSince && compareVersions(version, fact.smapsSince) < 0 ? undefined : fact.smaps;
}
