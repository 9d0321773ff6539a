/**
 * What a version of Linux has not: a call or a member that a driver uses is said to be missing, and is not run. Asks the
 * facts; knows no call by name.
 */

import type { Fact } from '../../kernel/fact.ts';
import { callFact, flagFact, isAvailable, prototypeAt, slotFact } from '../../kernel/lookup.ts';
import { formatVersion, type KernelVersion } from '../../kernel/version.ts';

/** Why a call cannot be made on a version; `undefined` where it can, and for calls of which no fact is known. */
export function missingCall(name: string, version: KernelVersion): string | undefined {
  const fact = callFact(name);
  const missing = fact && missingFact(fact, version);
  return missing && `${name}() does not exist in Linux ${formatVersion(version)}: ${missing}`;
}

/** Why a flag cannot be used; `undefined` for every other name. */
export function missingFlag(name: string, version: KernelVersion): string | undefined {
  const fact = flagFact(name);
  const missing = fact && missingFact(fact, version);
  return missing && `${name} is not defined in Linux ${formatVersion(version)}: ${missing}`;
}

/** Why a handler cannot stand in a member of an ops table, or cannot be called with what it takes. */
export function missingSlot(container: string, slot: string, parameters: number | undefined, version: KernelVersion): string | undefined {
  const fact = slotFact(container, slot);
  if (!fact) return undefined;
  const missing = missingFact(fact, version);
  if (missing) return `struct ${container} has no member ${slot} in Linux ${formatVersion(version)}: ${missing}`;
  const expected = prototypeAt(fact, version)?.parameters.length;
  if (expected === undefined || parameters === undefined || expected === parameters) return undefined;
  return `${slot} takes ${expected} argument${expected === 1 ? '' : 's'} in Linux ${formatVersion(version)}, and the driver's function ${parameters}`;
}

function missingFact(fact: Fact, version: KernelVersion): string | undefined {
  const availability = isAvailable(fact, version);
  if (availability === 'not-yet' && fact.introduced) return `it came with ${formatVersion(fact.introduced)}`;
  if (availability !== 'removed' || !fact.removed) return undefined;
  return `it went with ${formatVersion(fact.removed)}${fact.replacedBy ? `; what does it now is ${fact.replacedBy}` : ''}`;
}
