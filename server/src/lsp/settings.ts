/** The user's settings, read from whatever a client sends; what is wrong is named and the default kept. */
import { parseVersion } from '../kernel/version.ts';

export interface Settings {
  readonly enable: boolean;
  /** `auto` or a version. */
  readonly kernelVersion: string;
  /** Milliseconds without a key before the file is checked again. */
  readonly typingPause: number;
}

export const defaultSettings: Settings = { enable: true, kernelVersion: 'auto', typingPause: 0 };

export interface ReadSettings {
  readonly settings: Settings;
  /** One sentence for each value that was not taken. */
  readonly problems: readonly string[];
}

/** Reads the value of the section `driverMmap`; a missing section or key means the default. */
export function readSettings(section: unknown): ReadSettings {
  const given: Record<string, unknown> = typeof section === 'object' && section !== null ? { ...section } : {};
  const problems: string[] = [];
  const take = <T>(key: keyof Settings, accepts: (value: unknown) => value is T, allowed: string, fallback: T): T => {
    const value = given[key];
    if (value === undefined || value === null) return fallback;
    if (accepts(value)) return value;
    problems.push(`driverMmap.${key} is ${JSON.stringify(value)}; it takes ${allowed}. The default (${String(fallback)}) is used.`);
    return fallback;
  };
  const settings: Settings = {
    enable: take('enable', isBoolean, 'true or false', defaultSettings.enable),
    kernelVersion: take('kernelVersion', isVersion, '"auto" or a version such as "6.12"', defaultSettings.kernelVersion),
    typingPause: take('typingPause', isPause, 'milliseconds from 0 to 10000', defaultSettings.typingPause),
  };
  return { settings, problems };
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}

function isVersion(value: unknown): value is string {
  return typeof value === 'string' && (value === 'auto' || parseVersion(value) !== undefined);
}

function isPause(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= 10_000;
}
