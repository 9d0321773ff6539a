/**
 * What is known of one open file, for the status item, the list of active settings and reports of trouble: the target and where it
 * came from, the handlers, the last check. Pure; knows no connection.
 */
import type { Host } from '../driver/model.ts';
import { joinPath } from '../driver/paths.ts';
import { kernelTreeOf } from '../driver/target.ts';
import { beyondKnown, formatVersion } from '../kernel/version.ts';
import type { CheckProblem } from '../protocol/findings.ts';
import type { FileStatus } from '../protocol/requests.ts';
import type { SourceDocument } from './document.ts';
import { type Project, projectFileName } from './project.ts';
import { type Settings, settingKeys } from './setting-keys.ts';

export interface LastCheck {
  readonly findings: number;
  /** Milliseconds. */
  readonly time: number;
  readonly problems: readonly CheckProblem[];
}

export function fileStatus(document: SourceDocument, check: LastCheck, settings: Settings, project: Project): FileStatus {
  const handlers = document.driver.handlers.filter(({ defined, file }) => defined && file === document.file);
  const unknown = beyondKnown(document.target.version);
  return {
    kernel: formatVersion(document.target.version),
    kernelFrom: originOfKernel(document.file, settings.kernelVersion, project, document.host),
    handlers: [...new Set(handlers.map((handler) => handler.function))],
    findings: check.findings,
    checkedIn: Math.round(check.time),
    problems: [...(unknown === undefined ? [] : [unknown]), ...check.problems.map(({ message }) => message)],
    settings: activeSettings(settings, project),
  };
}

/** Where the target came from, in a clause; the order is that of `targetIn`. */
export function originOfKernel(path: string, setting: string, project: Project, host: Host): string {
  if (setting !== 'auto') return 'the setting driverMmap.kernelVersion';
  if (project.kernel !== 'auto') return project.file ?? projectFileName;
  const tree = kernelTreeOf(path, host);
  return tree ? joinPath(tree.folder, 'Makefile') : 'the newest version that is modelled';
}

function activeSettings(settings: Settings, project: Project): FileStatus['settings'] {
  const from = 'the editor\u2019s settings';
  const ofEditor = settingNames.map((name) => ({ name: `driverMmap.${settingKeys[name].name}`, value: shown(settings[name]), from }));
  return [...ofEditor, ...projectSettings(project)];
}

/** What a project says, and `default` for all of it where there is none. */
export function projectSettings(project: Project): FileStatus['settings'] {
  const file = project.file ?? 'default';
  const list = (entries: Iterable<readonly [string, string]>): string =>
    [...entries].map(([name, value]) => `${name}: ${value}`).join(', ') || 'none';
  return [
    { name: 'kernel', value: project.kernel, from: file },
    { name: 'rules', value: list(project.rules), from: file },
    { name: 'config', value: list(project.config), from: file },
    { name: 'boundsChecks', value: [...project.boundsChecks].join(', ') || 'none', from: file },
    { name: 'handlerSlots', value: list(project.handlerSlots), from: file },
    { name: 'allocators', value: list(project.allocators), from: file },
  ];
}

const settingNames = Object.keys(settingKeys) as (keyof typeof settingKeys)[];

function shown(value: Settings[keyof Settings]): string {
  if (value instanceof Map) return [...value].map(([name, each]) => `${name}: ${each}`).join(', ') || 'none';
  return Array.isArray(value) ? value.join(', ') || 'none' : String(value);
}
