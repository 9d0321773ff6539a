/** Turns the rows of the JSON tables into facts. The tables are ours and are held by tests, so a bad row throws here. */
import type { Boundary, CallFact, Fact, FlagFact, Prototype, SlotFact } from './fact.ts';
import { parseRange } from './range-text.ts';
import { parseVersion, type VersionRange } from './version.ts';

interface BoundaryRow {
  readonly text: string;
  readonly version?: string;
  readonly exact?: boolean;
}

/** A row as JSON has it: absent lists are empty lists. */
export interface FactRow {
  readonly name: string;
  readonly names?: readonly string[];
  readonly kind: string;
  readonly prototypes: readonly { readonly range: string; readonly text: string }[];
  readonly introduced?: BoundaryRow;
  readonly removed?: BoundaryRow;
  readonly values?: readonly { readonly range: string; readonly value?: string; readonly text?: string }[];
  readonly setsFlags?: readonly { readonly range: string; readonly flags: readonly string[] }[];
}

/** The fact of a row. Throws on a kind or a range that the tables may not have. */
export function readFact(row: FactRow): Fact {
  const { introduced, removed, values, setsFlags, prototypes, ...plain } = row;
  const base = {
    replacedBy: undefined,
    header: '',
    requires: {},
    does: [],
    returns: [],
    asserts: [],
    notes: [],
    source: [],
    obsolete: false,
    ...plain,
    names: row.names ?? [row.name],
    prototypes: prototypes.map(({ range, text }): Prototype => ({ range: rangeOf(row, range), text })),
    introduced: introduced && boundary(introduced),
    removed: removed && boundary(removed),
  };
  switch (row.kind) {
    case 'call':
    case 'lock':
    case 'allocator':
      return {
        boundsChecked: false,
        takesReference: false,
        returnsVmFault: false,
        ...base,
        setsFlags: (setsFlags ?? []).map(({ range, flags }) => ({ range: rangeOf(row, range), flags })),
      } as unknown as CallFact;
    case 'flag':
      return {
        setBy: [],
        ...base,
        values: (values ?? []).map(({ range, value, text }) => ({
          range: rangeOf(row, range),
          value: value === undefined ? undefined : BigInt(value),
          text,
        })),
      } as unknown as FlagFact;
    case 'slot':
      return { boundsCheckedByCore: false, ...base } as unknown as SlotFact;
    case 'field':
    case 'type':
    case 'pgprot':
      return base as unknown as Fact;
    default:
      throw new Error(`${row.name}: there is no kind ${row.kind}`);
  }
}

function rangeOf(row: FactRow, text: string): VersionRange {
  const range = parseRange(text);
  if (!range) throw new Error(`${row.name}: ${text} is no range of versions`);
  return range;
}

function boundary({ text, version, exact }: BoundaryRow): Boundary {
  return { text, version: version === undefined ? undefined : parseVersion(version), exact: exact === true };
}
