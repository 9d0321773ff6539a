/**
 * What a version of Linux has not: a call or a member that a driver uses is said to be missing, and is not run. Asks the
 * facts; knows no call by name.
 */

import type { Fact } from '../../kernel/fact.ts';
import { callFact, flagFact, isAvailable, prototypeAt, slotFact } from '../../kernel/lookup.ts';
import { formatVersion, type KernelVersion } from '../../kernel/version.ts';

/** What a version of Linux lacks. */
export interface Gap {
  readonly because: string;
  /** It was there once: the driver was written for an older Linux, and does not build any more. */
  readonly isGone: boolean;
}

/** Why a call cannot be made on a version; `undefined` where it can, and for calls of which no fact is known. */
export function missingCall(name: string, version: KernelVersion): Gap | undefined {
  return gapIn(callFact(name), version, `${name}() does not exist in Linux ${formatVersion(version)}`);
}

/** Why a flag cannot be used; `undefined` for every other name. */
export function missingFlag(name: string, version: KernelVersion): Gap | undefined {
  return gapIn(flagFact(name), version, `${name} is not defined in Linux ${formatVersion(version)}`);
}

/** Why a handler cannot stand in a member of an ops table, or cannot be called with what it takes. */
export function missingSlot(container: string, slot: string, parameters: number | undefined, version: KernelVersion): Gap | undefined {
  const fact = slotFact(container, slot);
  if (!fact) return undefined;
  const gap = gapIn(fact, version, `struct ${container} has no member ${slot} in Linux ${formatVersion(version)}`);
  if (gap) return gap;
  const expected = prototypeAt(fact, version)?.parameters.length;
  if (expected === undefined || parameters === undefined || expected === parameters) return undefined;
  const because = `${slot} takes ${expected} argument${expected === 1 ? '' : 's'} in Linux ${formatVersion(version)}, and the driver's function ${parameters}`;
  const [oldest] = fact.prototypes;
  return { because, isGone: oldest?.parameters.length === parameters };
}

function gapIn(fact: Fact | undefined, version: KernelVersion, what: string): Gap | undefined {
  const availability = fact && isAvailable(fact, version);
  if (availability === 'not-yet' && fact?.introduced)
    return { because: `${what}: it came with ${formatVersion(fact.introduced)}`, isGone: false };
  if (availability !== 'removed' || !fact?.removed) return undefined;
  const instead = fact.replacedBy ? `; what does it now is ${fact.replacedBy}` : '';
  return { because: `${what}: it went with ${formatVersion(fact.removed)}${instead}`, isGone: true };
}
