/** Ranges of versions as the fact tables write them: `2.6.15..3.6` (both ends included), `3.7..`, `..2.6.14`, or nothing for all. */
import { type KernelVersion, parseVersion, type VersionRange } from './version.ts';

/** Reads a range of the tables; `undefined` when it is not one. */
export function parseRange(text: string): VersionRange | undefined {
  if (text === '') return {};
  const match = /^(\d[\d.]*\d)?\.\.(\d[\d.]*)?$/.exec(text);
  if (!match) return undefined;
  const since = match[1] === undefined ? undefined : parseVersion(match[1]);
  const last = match[2] === undefined ? undefined : parseVersion(match[2]);
  if ((match[1] !== undefined && !since) || (match[2] !== undefined && !last)) return undefined;
  return { since, until: last && after(last, match[2] ?? '') };
}

/** The first version after `last` and its stable updates. */
function after(last: KernelVersion, text: string): KernelVersion {
  return text.split('.').length > 2 ? { ...last, patch: last.patch + 1 } : { ...last, minor: last.minor + 1 };
}
