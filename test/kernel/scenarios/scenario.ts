/** What a scenario for the real kernels is, as the contract in ../README.md has it. Knows no module. */
export interface KernelScenario {
  /** The file in drivers/, without `.c`. */
  readonly module: string;
  /** Unique in its module: words and hyphens. */
  readonly name: string;
  /** The statements, one a line. */
  readonly text: string;
  /** Absent: 6.1 and 6.12. */
  readonly kernels?: readonly ('6.1' | '6.12')[];
}

/** One way to map a module: what the product multiplies with what a program does. */
export interface Subject {
  readonly module: string;
  /** Which of the module's ways this is; in names. */
  readonly variant: string;
  /** Length and offset of the mapping, in pages. */
  readonly pages: number;
  readonly offset: number;
  readonly sharing: 'shared' | 'private';
  readonly prot: 'none' | 'r' | 'w' | 'rw' | 'rx' | 'rwx';
  readonly open: 'rw' | 'ro' | 'wo';
  /** Pages without rights above the mapping, where a walk may reach for more than it has; one if absent. */
  readonly above?: number;
  /** Statements behind the open. */
  readonly before?: readonly string[];
  /** Statements of its own that a walk chooses from; AT stands for an address of a mapping. */
  readonly between?: readonly string[];
}

/** The statement that maps `subject` under a name; `more` are words of mmap, such as `populate`. */
export function mapped(subject: Subject, name = 'a', more = ''): string {
  const { pages, offset, prot, sharing } = subject;
  return `${name} = mmap len ${pages}p off ${offset}p prot ${prot} ${sharing}${more && ` ${more}`}`;
}

/** A number between 0 and 1 that only the text decides: what stays of a product is the same each time it is made. */
export function lot(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0;
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 0;
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
