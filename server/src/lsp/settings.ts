/** The user's settings, read from whatever a client sends; what is wrong is named and the default kept. */
import { type SettingKey, type Settings, settingKeys } from '../ide/setting-keys.ts';

export type { Settings } from '../ide/setting-keys.ts';

export interface ReadSettings {
  readonly settings: Settings;
  /** One sentence for each value that was not taken. */
  readonly problems: readonly string[];
}

/** Reads the value of the section `driverMmap`; a missing section or key means the default. */
export function readSettings(section: unknown): ReadSettings {
  const problems: string[] = [];
  const take = <T>({ name, read, allowed, fallback }: SettingKey<T>): T => {
    const given = valueAt(section, name);
    if (given === undefined || given === null) return fallback;
    const { value, wrong } = read(given);
    for (const { at, value: each, allowed: here = allowed, sentence } of wrong) {
      const instead = value === undefined ? `The default (${JSON.stringify(fallback)}) is used.` : 'The rest is used.';
      problems.push(
        `driverMmap.${name}${at}${sentence === undefined ? ` is ${JSON.stringify(each)}; it takes ${here}.` : `: ${sentence}`} ${instead}`,
      );
    }
    return value ?? fallback;
  };
  const settings: Settings = {
    enable: take(settingKeys.enable),
    run: take(settingKeys.run),
    typingPause: take(settingKeys.typingPause),
    kernelVersion: take(settingKeys.kernelVersion),
    rulePreset: take(settingKeys.rulePreset),
    rules: take(settingKeys.rules),
    codeLens: take(settingKeys.codeLens),
    inlayHints: take(settingKeys.inlayHints),
    outline: take(settingKeys.outline),
    inactiveBranches: take(settingKeys.inactiveBranches),
    hover: take(settingKeys.hover),
    hoverValues: take(settingKeys.hoverValues),
    hoverLinks: take(settingKeys.hoverLinks),
    maxFileSize: take(settingKeys.maxFileSize),
    exclude: take(settingKeys.exclude),
  };
  return { settings, problems };
}

/** Editors nest what stands before a dot (`{ codeLens: { enable } }`); people write `"codeLens.enable"` too. */
function valueAt(section: unknown, name: string): unknown {
  if (!isRecord(section)) return undefined;
  if (name in section) return section[name];
  return name.split('.').reduce<unknown>((at, part) => (isRecord(at) ? at[part] : undefined), section);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export const defaultSettings: Settings = readSettings(undefined).settings;
