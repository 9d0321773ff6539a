/**
 * A Linux version, and ranges of them. Pure data: knows no file system and no C.
 * The version decides which facts hold; see `kernel/facts` for the tables that carry ranges.
 */

/** A Linux version. 2.x versions use three numbers, later ones two; a missing patch is 0. */
export interface KernelVersion {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  /** 3 for `-rc3`. Only those of 2.6.15 are told apart; elsewhere a release candidate counts as the release. */
  readonly candidate?: number;
}

/** Versions from `since` (inclusive) up to `until` (exclusive); an absent end is open. */
export interface VersionRange {
  readonly since?: KernelVersion;
  readonly until?: KernelVersion;
}

/** The newest Linux that the facts describe. */
export const newestKernel: KernelVersion = { major: 7, minor: 1, patch: 0 };

/** The oldest Linux that the facts describe. */
export const oldestKernel: KernelVersion = { major: 2, minor: 4, patch: 0 };

const versionPattern = /^v?(\d+)\.(\d+)(?:\.(\d+))?(?:-rc(\d+))?(?:[-+.].*)?$/;

/** Reads `6.12`, `2.6.15-rc4` or `v6.1.0-44-amd64`; `undefined` when the text is no version. */
export function parseVersion(text: string): KernelVersion | undefined {
  const match = versionPattern.exec(text.trim());
  if (!match) return undefined;
  const version = { major: Number(match[1]), minor: Number(match[2]), patch: Number(match[3] ?? 0) };
  return match[4] !== undefined && formatVersion(version) === '2.6.15' ? { ...version, candidate: Number(match[4]) } : version;
}

/** Comes behind every release candidate. */
const released = Number.MAX_SAFE_INTEGER;

/** Negative when `left` is older than `right`, positive when newer, 0 when they are the same. */
export function compareVersions(left: KernelVersion, right: KernelVersion): number {
  return (
    left.major - right.major ||
    left.minor - right.minor ||
    left.patch - right.patch ||
    (left.candidate ?? released) - (right.candidate ?? released)
  );
}

/** Whether `version` is `major.minor[.patch]` or newer: the one way the model asks for a version difference. */
export function atLeast(version: KernelVersion, major: number, minor: number, patch = 0, candidate = released): boolean {
  return compareVersions(version, { major, minor, patch, candidate }) >= 0;
}

/** Whether `version` lies in `range`. */
export function inRange(version: KernelVersion, range: VersionRange): boolean {
  if (range.since && compareVersions(version, range.since) < 0) return false;
  return !(range.until && compareVersions(version, range.until) >= 0);
}

/** Whether facts and model know nothing of `version` yet; patches of the newest are known as it is. */
export function isNewerThanKnown(version: KernelVersion): boolean {
  return compareVersions({ ...version, patch: 0 }, newestKernel) > 0;
}

/** A sentence about a version that is newer or older than what is known; `undefined` for the others. */
export function beyondKnown(version: KernelVersion): string | undefined {
  if (isNewerThanKnown(version)) return judgedAs(version, 'newer', newestKernel, 'newest');
  if (compareVersions(version, oldestKernel) < 0) return judgedAs(version, 'older', oldestKernel, 'oldest');
  return undefined;
}

function judgedAs(version: KernelVersion, than: 'newer' | 'older', known: KernelVersion, most: 'newest' | 'oldest'): string {
  const end = formatVersion(known);
  return `Linux ${formatVersion(version)} is ${than} than ${end}, the ${most} that driver-mmap knows: it is judged by what holds in ${end}.`;
}

/** `6.12`, `2.6.15`: the patch is written for 2.x and when it is not 0. */
export function formatVersion(version: KernelVersion): string {
  const short = `${version.major}.${version.minor}`;
  const number = (version.major === 2 && version.minor >= 6) || version.patch ? `${short}.${version.patch}` : short;
  return version.candidate === undefined ? number : `${number}-rc${version.candidate}`;
}

/** `LINUX_VERSION_CODE` as the kernel computes it. */
export function versionCode(version: KernelVersion): number {
  return (version.major << 16) + (version.minor << 8) + Math.min(version.patch, 255);
}
