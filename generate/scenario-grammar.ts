/** The TextMate grammar of `.mmapsim` scenarios, made from the table of statements. Knows no run and no editor. */
import { statementForms } from '../server/src/simulation/scenario/statements.ts';

/** Words that stand inside statements. */
const optionWords = ['len', 'off', 'old', 'prot', 'fixed', 'at', 'maymove', 'dontunmap', 'populate', 'locked'];
const valueWords = ['shared', 'private', 'ok', 'any', 'rw', 'ro', 'wo', 'true', 'false', 'NULL'];
/** What an expectation may be about. */
const subjectWords = ['value', 'problem', 'vmflags', 'rss', 'count', 'refcount', 'mapcount'];

/** The whole grammar, ready to be written as JSON. */
export function scenarioGrammar(): object {
  const statements = statementForms.map((form) => form.name).filter((name) => name !== 'expect' && name !== 'assume');
  return {
    name: 'mmap scenario',
    scopeName: 'source.mmapsim',
    patterns: [
      { name: 'comment.line.number-sign.mmapsim', match: '#.*$' },
      { name: 'keyword.control.expect.mmapsim', match: '\\b(?:expect|assume)\\b' },
      {
        match: '^\\s*(in)\\s+([A-Za-z_]\\w*)\\s*(:)',
        captures: { 1: { name: 'keyword.control.mmapsim' }, 2: { name: 'variable.other.process.mmapsim' } },
      },
      {
        match: '^\\s*([A-Za-z_]\\w*)\\s*(=)(?!=)',
        captures: { 1: { name: 'variable.other.mapping.mmapsim' }, 2: { name: 'keyword.operator.mmapsim' } },
      },
      { name: 'keyword.other.statement.mmapsim', match: `\\b(?:${statements.join('|')})\\b` },
      { name: 'storage.modifier.mmapsim', match: `\\b(?:${[...optionWords, ...subjectWords].join('|')})\\b` },
      { name: 'constant.language.mmapsim', match: `\\b(?:${valueWords.join('|')})\\b` },
      { name: 'constant.other.error.mmapsim', match: '\\b(?:E[A-Z]{3,}|SIG[A-Z]{3,}|VM_[A-Z_]+)\\b' },
      { name: 'constant.numeric.mmapsim', match: '\\b(?:0x[0-9A-Fa-f]+|\\d+(?:\\.\\d+)*[pKMG]?)\\b' },
    ],
  };
}
