/** Ways to look at a finding: its places in their order, and the page of its rule. */
import { describe, expect, it } from 'vitest';
import { explainsAt, placesAt } from '../../server/src/ide/code-actions.ts';
import type { Finding } from '../../server/src/protocol/findings.ts';

const at = (line: number) => ({ start: { line, character: 0 }, end: { line, character: 5 } });
const finding = (rule: string, line: number, related: Finding['related'] = []): Finding => ({
  rule,
  severity: 'error',
  confidence: 'likely',
  message: '',
  file: '/a/card.c',
  range: at(line),
  function: 'card_mmap',
  related,
  fixes: [],
});
const findings = [
  finding('insert-pfn-cow', 3, [
    { file: '/a/card.h', range: at(9), message: 'Here first.' },
    { file: '/a/card.c', range: at(1), message: 'Then here.' },
  ]),
  finding('insert-pfn-cow', 3),
  finding('missing-owner', 3),
  finding('missing-owner', 7, [{ file: '/a/card.c', range: at(2), message: 'Elsewhere.' }]),
];

describe('placesAt', () => {
  it('has an action for each finding under the range that several places make, its own place last', () => {
    expect(placesAt(findings, at(3))).toEqual([
      {
        finding: findings[0],
        title: 'Show the places of insert-pfn-cow',
        places: [
          { file: '/a/card.h', range: at(9) },
          { file: '/a/card.c', range: at(1) },
          { file: '/a/card.c', range: at(3) },
        ],
      },
    ]);
    expect(placesAt(findings, at(5))).toEqual([]);
  });
});

describe('explainsAt', () => {
  it('has an action for each rule under the range', () => {
    expect(explainsAt(findings, at(3)).map(({ title }) => title)).toEqual(['Explain insert-pfn-cow', 'Explain missing-owner']);
    expect(explainsAt(findings, at(7)).map(({ title }) => title)).toEqual(['Explain missing-owner']);
  });
});
