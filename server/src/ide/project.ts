/**
 * What the people of a driver say about it in `.driver-mmap.json`, found upwards from the file: the same for the editor and the
 * command line. Each value that cannot be used is a problem of its own, and the rest of the file counts. Reads through the host.
 */
import type { HandlerKind, Host, Target } from '../driver/model.ts';
import { foldersAbove, joinPath } from '../driver/paths.ts';
import { targetFor } from '../driver/target.ts';
import type { CheckProblem, Severity } from '../protocol/findings.ts';
import { didYouMean } from '../simulation/scenario/spelling.ts';
import { type ProjectKey, projectKeys } from './project-keys.ts';

export const projectFileName = '.driver-mmap.json';

export interface Project {
  /** Absent where no file was found. */
  readonly file?: string;
  /** `auto` or a version. */
  readonly kernel: string;
  /** `CONFIG_X` to `y`, `m`, `n` or a value; goes before what the kernel tree's `.config` says. */
  readonly config: ReadonlyMap<string, string>;
  readonly rules: ReadonlyMap<string, Severity | 'off'>;
  /** Functions that check the bounds of a mapping, whatever their own code looks like. */
  readonly boundsChecks: ReadonlySet<string>;
  /** What is called in the fields of further tables, by `struct.field`. */
  readonly handlerSlots: ReadonlyMap<string, HandlerKind>;
  /** The driver's own allocators, each with the call of the kernel that gives such memory. */
  readonly allocators: ReadonlyMap<string, string>;
  readonly problems: readonly CheckProblem[];
}

export const noProject: Project = {
  kernel: 'auto',
  config: new Map(),
  rules: new Map(),
  boundsChecks: new Set(),
  handlerSlots: new Map(),
  allocators: new Map(),
  problems: [],
};

/** Folders above a file that are asked. */
const maxFolders = 24;

/** The project of the file at `path` (absolute, with `/`): the nearest file above it counts, alone. */
export function projectFor(path: string, host: Host): Project {
  for (const folder of foldersAbove(path).slice(0, maxFolders)) {
    const file = joinPath(folder, projectFileName);
    const text = host.readFile(file);
    if (text !== undefined) return readProject(file, text);
  }
  return noProject;
}

/** The target of a file: what was asked for (`setting`, unless `auto`), else what the project says, else what the tree is. */
export function targetIn(project: Project, path: string, setting: string, host: Host): Target {
  const target = targetFor(path, setting === 'auto' ? project.kernel : setting, host);
  return {
    ...target,
    config: new Map([...target.config, ...project.config]),
    boundsChecks: project.boundsChecks,
    slots: project.handlerSlots,
    allocators: project.allocators,
  };
}

export function readProject(file: string, text: string): Project {
  const problems: CheckProblem[] = [];
  const complain = (message: string) => void problems.push({ file, message });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    complain(`The file is no JSON, so nothing of it counts: ${reasonOf(error)}.`);
    return { ...noProject, file, problems };
  }
  if (!isRecord(value)) {
    complain('The file holds no object, so nothing of it counts. Write { } with the settings inside.');
    return { ...noProject, file, problems };
  }
  const given = { ...value };
  const names = [...projectKeys.map(({ name }) => name), '$schema'];
  for (const name of Object.keys(given).filter((each) => !names.includes(each)))
    complain(`There is no setting ${JSON.stringify(name)}; there are ${names.join(', ')}.${didYouMean(name, names)}`);
  const take = <T>({ name, read, allowed }: ProjectKey<T>, fallback: T): T => {
    const found = given[name];
    if (found === undefined) return fallback;
    const { value: taken, wrong } = read(found);
    for (const { at, value, allowed: here = allowed, sentence } of wrong)
      complain(`${name}${at}: ${sentence ?? `${JSON.stringify(value)} is not allowed here; it takes ${here}.`}`);
    return taken ?? fallback;
  };
  const [kernel, config, rules, boundsChecks, handlerSlots, allocators] = projectKeys;
  return {
    file,
    kernel: take(kernel, noProject.kernel),
    config: take(config, noProject.config),
    rules: take(rules, noProject.rules),
    boundsChecks: take(boundsChecks, noProject.boundsChecks),
    handlerSlots: take(handlerSlots, noProject.handlerSlots),
    allocators: take(allocators, noProject.allocators),
    problems,
  };
}

/** What JSON.parse says, which may quote lines of the file, on one line. */
function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
