/**
 * The settings of `.driver-mmap.json`, as data: how each is read, and what its JSON schema says. `generate/` writes the schema that
 * editors complete from, and the table of the page.
 */
import type { HandlerKind } from '../kernel/fact.ts';
import { parseVersion } from '../kernel/version.ts';
import type { Severity } from '../protocol/findings.ts';
import { rules } from '../rules/registry.ts';
import { allocatorOf } from '../services/allocators.ts';
import { didYouMean } from '../simulation/scenario/spelling.ts';

/** A part of a value that cannot be used: `.mmap-no-size-check` behind the name of the setting. */
export interface Wrong {
  readonly at: string;
  readonly value: unknown;
  /** Where it is narrower than what the whole setting takes. */
  readonly allowed?: string;
  /** What to say in place of what is allowed. */
  readonly sentence?: string;
}

export interface ProjectKey<T> {
  readonly name: string;
  /** One sentence or two, in Markdown. */
  readonly description: string;
  /** The end of "it takes …". */
  readonly allowed: string;
  readonly schema: object;
  /** The value, when any of it can be used. */
  read(given: unknown): { readonly value?: T; readonly wrong: readonly Wrong[] };
}

export const severities: readonly (Severity | 'off')[] = ['off', 'hint', 'info', 'warning', 'error'];
const severityWords = 'one of "off", "hint", "info", "warning", "error"';

export const kernel: ProjectKey<string> = {
  name: 'kernel',
  description: 'The Linux version that the driver is written for, such as `6.12`; `auto` asks the kernel tree above the file.',
  allowed: '"auto" or a version such as "6.12"',
  schema: { type: 'string', pattern: '^(auto|v?\\d+\\.\\d+(\\.\\d+)?([-+.].*)?)$' },
  read: (given) =>
    typeof given === 'string' && (given === 'auto' || parseVersion(given))
      ? { value: given, wrong: [] }
      : { wrong: [{ at: '', value: given }] },
};

const config: ProjectKey<ReadonlyMap<string, string>> = {
  name: 'config',
  description: 'Kernel options: `true` or `"y"`, `"m"`, `false` or `"n"`, or a value. An option that nobody sets counts as on.',
  allowed: 'an object of CONFIG_ names',
  schema: { type: 'object', propertyNames: { pattern: '^CONFIG_\\w+$' }, additionalProperties: { type: ['boolean', 'string', 'number'] } },
  read: (given) =>
    readEntries(given, (name, value) => {
      if (!/^CONFIG_\w+$/.test(name)) return { allowed: 'names that begin with CONFIG_' };
      if (typeof value === 'boolean') return { value: value ? 'y' : 'n' };
      return typeof value === 'string' || typeof value === 'number'
        ? { value: String(value) }
        : { allowed: 'true, false, a text or a number' };
    }),
};

export const ruleSeverities: ProjectKey<ReadonlyMap<string, Severity | 'off'>> = {
  name: 'rules',
  description: 'The severity of rules by their names; `off` switches one off.',
  allowed: 'an object of rule names',
  schema: {
    type: 'object',
    properties: Object.fromEntries(rules.map(({ name, summary }) => [name, { enum: severities, description: summary }])),
    additionalProperties: false,
  },
  read: (given) =>
    readEntries(given, (name, value) => {
      const names = rules.map((rule) => rule.name);
      if (!names.includes(name)) return { sentence: `There is no rule of this name.${didYouMean(name, names)}` };
      const severity = severities.find((each) => each === value);
      return severity ? { value: severity } : { allowed: severityWords };
    }),
};

const boundsChecks: ProjectKey<ReadonlySet<string>> = {
  name: 'boundsChecks',
  description:
    'Functions of the driver that check the bounds of a mapping. The rules about bounds trust what they decide and do not look inside.',
  allowed: 'an array of function names',
  schema: { type: 'array', items: { type: 'string', pattern: '^[A-Za-z_]\\w*$' }, uniqueItems: true },
  read: (given) => {
    if (!Array.isArray(given)) return { wrong: [{ at: '', value: given }] };
    const isName = (each: unknown): each is string => typeof each === 'string' && /^[A-Za-z_]\w*$/.test(each);
    const wrong = given.flatMap((each: unknown, index) =>
      isName(each) ? [] : [{ at: `[${index}]`, value: each, allowed: 'the name of a function' }],
    );
    return { value: new Set(given.filter(isName)), wrong };
  },
};

/** What may be called through a table that the kernel does not have. */
const slotKinds = ['mmap', 'mmap_prepare', 'fault', 'huge_fault', 'page_mkwrite', 'pfn_mkwrite'] as const satisfies readonly HandlerKind[];
const slotWords = slotKinds.map((kind) => JSON.stringify(kind)).join(', ');
const slotName = /^[A-Za-z_]\w*\.[A-Za-z_]\w*$/;

const handlerSlots: ProjectKey<ReadonlyMap<string, HandlerKind>> = {
  name: 'handlerSlots',
  description:
    'Handlers in tables of a subsystem that is not known: the struct and the field with a dot between, and what is called there, such as `"card_ops.map_pages": "mmap"`. Nobody is taken to have checked the vma before.',
  allowed: 'an object of names like "struct.field"',
  schema: { type: 'object', propertyNames: { pattern: slotName.source }, additionalProperties: { enum: slotKinds } },
  read: (given) =>
    readEntries(given, (name, value) => {
      if (!slotName.test(name)) return { allowed: 'names of a struct and a field, with a dot between' };
      const kind = slotKinds.find((each) => each === value);
      return kind ? { value: kind } : { allowed: `one of ${slotWords}` };
    }),
};

const allocators: ProjectKey<ReadonlyMap<string, string>> = {
  name: 'allocators',
  description:
    'The driver\'s own allocators, each with the call of the kernel that gives such memory: `"card_alloc": "vmalloc_user"`. The rules do not look inside.',
  allowed: 'an object of function names',
  schema: { type: 'object', propertyNames: { pattern: '^[A-Za-z_]\\w*$' }, additionalProperties: { type: 'string' } },
  read: (given) =>
    readEntries(given, (name, value) => {
      if (!/^[A-Za-z_]\w*$/.test(name)) return { allowed: 'names of functions' };
      return typeof value === 'string' && allocatorOf(value)
        ? { value }
        : { allowed: 'an allocator of the kernel such as "vmalloc_user", "kzalloc", "alloc_pages" or "dma_alloc_coherent"' };
    }),
};

export const projectKeys = [kernel, config, ruleSeverities, boundsChecks, handlerSlots, allocators] as const;

/** The entries of an object that `read` gives a value for, and the others as wrong. */
function readEntries<T>(
  given: unknown,
  read: (name: string, value: unknown) => { readonly value?: T } & Pick<Wrong, 'allowed' | 'sentence'>,
): { readonly value?: ReadonlyMap<string, T>; readonly wrong: readonly Wrong[] } {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return { wrong: [{ at: '', value: given }] };
  const value = new Map<string, T>();
  const wrong: Wrong[] = [];
  for (const [name, each] of Object.entries(given)) {
    const { value: taken, ...why } = read(name, each);
    if (taken !== undefined) value.set(name, taken);
    else wrong.push({ at: `.${name}`, value: each, ...why });
  }
  return { value, wrong };
}

/** The JSON schema of the file. */
export function projectSchema(): object {
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'driver-mmap: what the people of a driver say about it',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      ...Object.fromEntries(
        projectKeys.map(({ name, description, schema }) => [name, { description, markdownDescription: description, ...schema }]),
      ),
    },
    additionalProperties: false,
  };
}
