/**
 * What may come next at a place of an open scenario: the words that its parser looks for there, the names that earlier lines made, and
 * what only the driver can tell. Knows no run and no protocol.
 */
import type { Position, Range } from '../protocol/position.ts';
import { expectationForms } from '../simulation/scenario/expectations.ts';
import type { Offer } from '../simulation/scenario/offers.ts';
import { offersAt, type ScenarioPlace } from '../simulation/scenario/parse.ts';
import { statementForms } from '../simulation/scenario/statements.ts';
import type { NameKind } from '../simulation/scenario/words.ts';

/** Something that may stand at the cursor. */
export interface ScenarioCompletion {
  readonly word: string;
  readonly kind: 'word' | 'name' | 'constant';
  /** How the whole statement or expectation is written, or what the name stands for. */
  readonly syntax: string;
  readonly help: string;
  /** What it takes the place of: the part of it that is there already. */
  readonly range: Range;
}

/** What the scenario's driver can tell; asked only where it counts. */
export interface ScenarioDriver {
  /** Names of ioctl commands. */
  commands(): readonly string[];
  /** Names of values that a run assumes. */
  assumptions(): readonly string[];
}

export interface CompletionContext {
  /** Where the scenario stands, for what it includes. */
  readonly place?: ScenarioPlace;
  readonly driver?: ScenarioDriver | undefined;
}

/** What may stand at the cursor, the likeliest first. */
export function scenarioCompletions(
  text: string,
  { line, character }: Position,
  { place, driver }: CompletionContext = {},
): readonly ScenarioCompletion[] {
  const lines = text.split(/\r?\n/, line + 1);
  const before = (lines[line] ?? '').slice(0, character);
  const begun = /[^\s=:,{}"#]*$/.exec(before)?.[0].length ?? 0;
  const range = { start: { line, character: character - begun }, end: { line, character } };
  const about = aboutWord(before.slice(0, character - begun));
  return offersAt(lines.slice(0, line).join('\n'), before, place).flatMap((offer) =>
    itemsOf(offer, about, driver).map((item) => ({ ...item, range })),
  );
}

type Item = Omit<ScenarioCompletion, 'range'>;
type Help = Pick<Item, 'syntax' | 'help'>;

const names: Readonly<Record<NameKind, string>> = {
  mapping: 'a mapping',
  file: 'an open file',
  buffer: 'memory that an ioctl or a pread has filled',
  pin: 'pages that are pinned',
  process: 'a process',
};

function itemsOf({ kind, text }: Offer, about: (word: string) => Help, driver: ScenarioDriver | undefined): readonly Item[] {
  const told = (words: readonly string[], help: string): readonly Item[] =>
    words.map((word) => ({ word, kind: 'constant', syntax: 'of the driver', help }));
  switch (kind) {
    case 'word':
      // Signs, quoted text and forms such as u32(ADDRESS) are typed faster than picked.
      return /^\w[\w.-]*$/.test(text) ? [{ word: text, kind: 'word', ...about(text) }] : [];
    case 'command':
      return told(driver?.commands() ?? [], 'a command that the driver’s files define');
    case 'assumption':
      return told(driver?.assumptions() ?? [], 'a value that the driver’s files do not tell');
    default:
      return [{ word: text, kind: 'name', syntax: names[kind], help: 'made by an earlier line' }];
  }
}

/** What is told about a word that follows this part of a line. */
function aboutWord(before: string): (word: string) => Help {
  const forms = /(?:^|\s)expect\s/.test(before) ? expectationForms : statementForms;
  const statement = statementForms.find(({ name }) => name === statementOf(before));
  return (word) => {
    if (word === 'in' && !statement) return { syntax: 'in NAME: STATEMENT', help: 'runs the statement in a child or a thread' };
    const { syntax, help } = (statement && forms === statementForms ? statement : forms.find(({ name }) => name === word)) ?? {
      syntax: statement?.syntax ?? '',
      help: statement?.help ?? '',
    };
    return { syntax, help };
  };
}

/** The first word of the statement: behind `in NAME:` and `NAME =`. */
function statementOf(before: string): string | undefined {
  return /^\s*(?:in\s+\w+\s*:\s*)?(?:\w+\s*=\s*)?(\w+)\s/.exec(before)?.[1];
}
