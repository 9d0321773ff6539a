/**
 * The settings of an editor, as data: what each means, its default, how it is read, and what the manifest of the extension says of it.
 * `generate/` writes the manifest and the table of docs/configuration.md. Knows no editor.
 */
import type { Severity } from '../protocol/findings.ts';
import { kernel, type ProjectKey, ruleSeverities, severities } from './project-keys.ts';

export interface SettingKey<T> extends ProjectKey<T> {
  readonly fallback: T;
  /** The default as JSON, where it is not the value itself. */
  readonly shown?: unknown;
  /** `resource` settings may differ from folder to folder. */
  readonly scope: 'resource' | 'window';
}

function key<T>(
  name: string,
  fallback: T,
  accepts: (value: unknown) => value is T,
  rest: Pick<SettingKey<T>, 'description' | 'allowed' | 'schema'>,
): SettingKey<T> {
  const read = (given: unknown) => (accepts(given) ? { value: given, wrong: [] } : { wrong: [{ at: '', value: given }] });
  return { name, fallback, scope: 'resource', read, ...rest };
}

function onOff(name: string, description: string): SettingKey<boolean> {
  const accepts = (value: unknown): value is boolean => typeof value === 'boolean';
  return key(name, true, accepts, { description, allowed: 'true or false', schema: { type: 'boolean' } });
}

function whole(name: string, fallback: number, unit: string, minimum: number, maximum: number, description: string): SettingKey<number> {
  const accepts = (value: unknown): value is number => typeof value === 'number' && value >= minimum && value <= maximum;
  return key(name, fallback, accepts, {
    description,
    allowed: `${unit} from ${minimum} to ${maximum}`,
    schema: { type: 'integer', minimum, maximum },
  });
}

/** One of some words, each with what it means. */
function choice<T extends string>(
  name: string,
  fallback: NoInfer<T>,
  words: Readonly<Record<T, string>>,
  description: string,
): SettingKey<T> {
  const accepts = (value: unknown): value is T => typeof value === 'string' && Object.hasOwn(words, value);
  const values = Object.keys(words);
  return key(name, fallback, accepts, {
    description,
    allowed: `one of ${values.map((value) => JSON.stringify(value)).join(', ')}`,
    schema: { type: 'string', enum: values, markdownEnumDescriptions: Object.values(words) },
  });
}

function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/** By the name that the programs use. */
export const settingKeys = {
  enable: onOff('enable', 'Report findings, hovers and lenses in the C files of this folder. Off silences driver-mmap for the folder.'),
  run: choice(
    'run',
    'onType',
    { onType: 'While you type, and when a file is opened.', onSave: 'When a file is opened or saved.' },
    'When a file is checked. By default findings follow each key.',
  ),
  typingPause: whole(
    'typingPause',
    0,
    'milliseconds',
    0,
    10_000,
    'Milliseconds without a key before the file is checked again. With 0, the default, each key asks for a check; a file whose check takes long waits a little by itself.',
  ),
  kernelVersion: {
    ...kernel,
    name: 'kernelVersion',
    fallback: 'auto',
    scope: 'resource',
    description:
      'The Linux version that the driver is written for, such as `6.12`. Facts and rules follow it. `auto`, the default, reads the Makefile of the kernel tree above the file, and takes the newest version that is modelled when there is none.',
    schema: { ...kernel.schema, patternErrorMessage: 'Write `auto` or a Linux version such as `6.12` or `2.6.15`.' },
  } as SettingKey<string>,
  rulePreset: choice(
    'rulePreset',
    'recommended',
    {
      recommended: 'All rules, without findings of low confidence.',
      all: 'All rules, and findings of low confidence too.',
      none: 'Only the rules that `driverMmap.rules` or the project\u2019s file gives a severity.',
    },
    'Which rules run. By default all of them do, and report what is proved or likely.',
  ),
  rules: {
    ...ruleSeverities,
    fallback: new Map(),
    shown: {},
    scope: 'resource',
    description:
      'The severity of rules by their names, such as `"missing-owner": "hint"`; `off` switches one off. By default each has its own. What `.driver-mmap.json` says goes before.',
    schema: { type: 'object', additionalProperties: { enum: severities } },
  } as SettingKey<ReadonlyMap<string, Severity | 'off'>>,
  codeLens: onOff(
    'codeLens.enable',
    'Show *\u25b6 Simulate* and the number of findings above mapping handlers, and *\u25b6 Run* above scenarios.',
  ),
  inlayHints: onOff(
    'inlayHints.enable',
    'Show in mapping handlers which flags a call gives the vma, and sizes that are known. The editor\u2019s own switch for inlay hints counts too.',
  ),
  outline: onOff('outline.enable', 'List mapping handlers and the tables that name them in the outline of a file.'),
  inactiveBranches: onOff(
    'inactiveBranches.enable',
    'Draw pale what the Linux version of the driver does not compile: branches of `#if` that do not hold for it.',
  ),
  hover: onOff('hover.enable', 'Explain mapping calls, flags and handler slots on hover.'),
  hoverValues: onOff(
    'hover.values.enable',
    'Tell on hover what is known of this very call: values of its arguments, and whether the mmap lock is held.',
  ),
  hoverLinks: onOff('hover.links.enable', 'End a hover with links.'),
  maxFileSize: whole(
    'analysis.maxFileSize',
    1_048_576,
    'bytes',
    1024,
    67_108_864,
    'Bytes. A longer file is not checked, and the language status says so. The default is 1 MiB; no driver of Linux 6.12 that maps memory is half as long.',
  ),
  exclude: {
    name: 'workspace.exclude',
    fallback: [],
    scope: 'resource',
    description:
      'Files and folders that *Check Workspace* leaves out, as patterns of a `.gitignore`: `["tools/", "*_test.c"]`. By default only what `.gitignore` files name is left out.',
    allowed: 'an array of patterns',
    schema: { type: 'array', items: { type: 'string' } },
    read: (given) => (isNames(given) ? { value: given, wrong: [] } : { wrong: [{ at: '', value: given }] }),
  } as SettingKey<readonly string[]>,
} as const;

/** The values of all settings for one file. */
export type Settings = {
  readonly [Name in keyof typeof settingKeys]: (typeof settingKeys)[Name] extends SettingKey<infer T> ? T : never;
};

/** The settings as the manifest lists them; the one that the client itself reads comes last. */
export function settingProperties(): Readonly<Record<string, object>> {
  const own = Object.values(settingKeys).map(({ name, fallback, scope, description, schema, ...rest }) => {
    const value: unknown = 'shown' in rest ? rest.shown : fallback;
    return [`driverMmap.${name}`, { ...schema, default: value, scope, markdownDescription: description }] as const;
  });
  return { ...Object.fromEntries(own), 'driverMmap.trace.server': trace };
}

const trace = {
  type: 'string',
  enum: ['off', 'messages', 'verbose'],
  default: 'off',
  scope: 'window',
  markdownDescription: 'Write what editor and language server say to each other into the output *driver-mmap*. `off` is the default.',
};
