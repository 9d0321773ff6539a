/**
 * Changes to the text of a scenario that the bar and the tables of the page make: a field of a mapping, the kernel, an assumed value,
 * a next action. Every other line stays as the user wrote it. Knows the words of these statements and nothing of what they do.
 */

/** One `mmap` statement of the scenario, as it is written. */
export interface MappingLine {
  /** Index of the line, from 0. */
  readonly index: number;
  /** The name before `=`; empty when there is none. */
  readonly name: string;
  readonly length: string;
  readonly offset: string;
  readonly protection: string;
  readonly sharing: string;
}

export type MappingField = 'length' | 'offset' | 'protection' | 'sharing';

export const sharings: readonly string[] = ['shared', 'private', 'shared_validate'];
export const protections: readonly string[] = ['r', 'w', 'rw', 'rx', 'rwx', 'none'];

const linesOf = (text: string): readonly string[] => text.split('\n');
const withoutComment = (line: string): string => line.replace(/(^|\s)#.*$/, '');
const sharingPattern = /\b(shared_validate|shared|private)\b/;

/** The statements that map the device, in the order of the text. */
export function mappingLines(text: string): readonly MappingLine[] {
  return linesOf(text).flatMap((line, index) => {
    const words = /^\s*(?:in\s+\w+\s*:\s*)?(?:(\w+)\s*=\s*)?mmap\s(.*)$/.exec(withoutComment(line));
    const rest = words?.[2];
    if (rest === undefined || /\banonymous\b/.test(rest)) return [];
    const word = (name: string): string => new RegExp(`\\b${name}\\s+(\\S+)`).exec(rest)?.[1] ?? '';
    return [
      {
        index,
        name: words?.[1] ?? '',
        length: word('len'),
        offset: word('off') || '0',
        protection: word('prot'),
        sharing: sharingPattern.exec(rest)?.[1] ?? 'shared',
      },
    ];
  });
}

/**
 * The text with one field of the mapping changed. What the line expected is dropped: it was said of the old mapping.
 * A value with blanks or none leaves the text as it is.
 */
export function setMappingField(text: string, mapping: MappingLine, field: MappingField, value: string): string {
  if (!/^\S+$/.test(value)) return text;
  return changeLine(text, mapping.index, (line) => {
    const asked = line.replace(/\s+expect\s.*$/, '');
    switch (field) {
      case 'length':
        return asked.replace(/\blen\s+\S+/, () => `len ${value}`);
      case 'protection':
        return asked.replace(/\bprot\s+\S+/, () => `prot ${value}`);
      case 'sharing':
        return asked.replace(sharingPattern, () => value);
      case 'offset':
        return /\boff\s+\S+/.test(asked)
          ? asked.replace(/\boff\s+\S+/, () => `off ${value}`)
          : asked.replace(/\blen\s+\S+/, (length) => `${length} off ${value}`);
    }
  });
}

function changeLine(text: string, index: number, change: (line: string) => string): string {
  return linesOf(text)
    .map((line, at) => (at === index ? change(line) : line))
    .join('\n');
}

/** The version that the scenario names. */
export const kernelOf = (text: string): string | undefined => /^\s*kernel\s+(\S+)/m.exec(text)?.[1];

/** The text for another kernel. */
export function setKernel(text: string, version: string): string {
  if (!/^\S+$/.test(version)) return text;
  if (kernelOf(text) === undefined) return `kernel ${version}\n${text}`;
  return text.replace(/^(\s*kernel\s+)\S+/m, (_, words: string) => `${words}${version}`);
}

/** What stands behind `assume NAME =`. */
export function assumedIn(text: string, name: string): string | undefined {
  const line = linesOf(text).find((each) => assumedName(each) === name);
  return line === undefined
    ? undefined
    : withoutComment(line)
        .slice(line.indexOf('=') + 1)
        .trim();
}

const assumedName = (line: string): string | undefined => /^\s*assume\s+([^=#]+?)\s*=/.exec(line)?.[1];

/** The text with `NAME` assumed to be `value`; an empty value takes the assumption out, so that the simulation chooses again. */
export function setAssumed(text: string, name: string, value: string): string {
  const lines = linesOf(text);
  const at = lines.findIndex((line) => assumedName(line) === name);
  const wanted = value.trim();
  if (wanted === '') return at < 0 ? text : lines.filter((_, index) => index !== at).join('\n');
  const line = `assume ${name} = ${wanted}`;
  if (at >= 0) return lines.with(at, line).join('\n');
  const kernel = lines.findLastIndex((each) => /^\s*(kernel|driver|assume)\s/.test(each));
  return lines.toSpliced(kernel + 1, 0, line).join('\n');
}

/** The text with a statement at its end, before the `close` and `exit` that stand there when the statement needs the mapping. */
export function appendStatements(text: string, statements: readonly string[]): string {
  const lines = [...linesOf(text.trimEnd())];
  const tail: string[] = [];
  while (/^\s*(exit|rmmod\b.*)?\s*$/.test(lines.at(-1) ?? 'end')) tail.unshift(lines.pop() ?? '');
  return `${[...lines, ...statements, ...tail].join('\n')}\n`;
}

/** The first of `base`, `base2`, … that the text does not use as a word. */
export function freeName(text: string, base: string): string {
  const isUsed = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(text);
  let name = base;
  for (let number = 2; isUsed(name); number++) name = `${base}${number}`;
  return name;
}
