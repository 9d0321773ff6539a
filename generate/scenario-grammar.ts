/** The TextMate grammar of `.mmapsim` scenarios, made from the tables of statements and expectations. Knows no run and no editor. */
import { accessWays } from '../server/src/simulation/scenario/access-ways.ts';
import { expectationForms } from '../server/src/simulation/scenario/expectations.ts';
import { adviceNames, statementForms } from '../server/src/simulation/scenario/statements.ts';

/** Words that are values rather than keywords. */
const valueWords = [
  'shared',
  'private',
  'shared_validate',
  'ok',
  'any',
  'rw',
  'ro',
  'wo',
  'yes',
  'no',
  'true',
  'false',
  'NULL',
  ...accessWays,
  ...adviceNames,
];
/** Words of the syntax that mean nothing by themselves. */
const otherWords = ['expect', 'assume', 'rd', 'wr', 'text'];

/** The lower-case words of the forms: `len`, `off`, `fixed_noreplace`, `vmflags`. */
function syntaxWords(): readonly string[] {
  const text = [...statementForms, ...expectationForms].map(({ syntax }) => syntax).join(' ');
  const words = new Set([...text.matchAll(/(?<![\w"-])[a-z][a-z_]+(?![\w"-])/g)].map(([word]) => word));
  for (const word of [...valueWords, ...otherWords, ...statementForms.map(({ name }) => name)]) words.delete(word);
  return [...words].sort();
}

const anyOf = (words: readonly string[]): string => `\\b(?:${[...new Set(words)].sort().join('|')})\\b`;

/** The whole grammar, ready to be written as JSON. */
export function scenarioGrammar(): object {
  const statements = statementForms.map((form) => form.name).filter((name) => name !== 'expect' && name !== 'assume');
  return {
    name: 'mmap scenario',
    scopeName: 'source.mmapsim',
    patterns: [
      {
        name: 'string.quoted.double.mmapsim',
        begin: '"',
        end: '"|$',
        patterns: [{ name: 'constant.character.escape.mmapsim', match: '\\\\(?:x[0-9A-Fa-f]{2}|.)' }],
      },
      { name: 'comment.line.number-sign.mmapsim', match: '#.*$' },
      { name: 'keyword.control.expect.mmapsim', match: '\\b(?:expect|assume)\\b' },
      {
        match: '^\\s*(in)\\s+([A-Za-z_]\\w*)\\s*(:)',
        captures: { 1: { name: 'keyword.control.mmapsim' }, 2: { name: 'variable.other.process.mmapsim' } },
      },
      {
        match: '([A-Za-z_]\\w*)\\s*(=)(?=\\s*(?:mmap|mremap|open|dup|ioctl|pread|pin)\\b)',
        captures: { 1: { name: 'variable.other.mapping.mmapsim' }, 2: { name: 'keyword.operator.mmapsim' } },
      },
      { name: 'storage.type.number.mmapsim', match: '\\bu(?:8|16|32|64)\\b' },
      { name: 'keyword.other.statement.mmapsim', match: anyOf(statements) },
      { name: 'storage.modifier.mmapsim', match: anyOf(syntaxWords()) },
      { name: 'constant.language.mmapsim', match: anyOf(valueWords) },
      { name: 'constant.other.error.mmapsim', match: '\\b(?:E[A-Z]{3,}|SIG[A-Z]{3,}|VM_[A-Z_]+)\\b' },
      { name: 'constant.numeric.mmapsim', match: '\\b(?:0x[0-9A-Fa-f]+|\\d+(?:\\.\\d+)*)[pKMGT]?\\b' },
    ],
  };
}
