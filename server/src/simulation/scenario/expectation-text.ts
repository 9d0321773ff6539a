/** An expectation as text, for scenarios that are written and for what a run says. Knows no run. */
import type { Expectation } from './model.ts';
import { formatAddress, formatAmount, formatNumber } from './numbers.ts';
import { quote } from './words.ts';

/** The text that `parseExpectation` reads back, without the word `expect`. */
export function formatExpectation(expectation: Expectation): string {
  switch (expectation.kind) {
    case 'ok':
    case 'any':
    case 'hang':
    case 'zero':
      return expectation.kind;
    case 'errno':
    case 'signal':
      return expectation.name;
    case 'value':
    case 'returns':
      return `${expectation.kind} ${formatNumber(expectation.value)}`;
    case 'bytes':
      return `bytes ${expectation.bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')}`;
    case 'text':
      return quote(expectation.text);
    case 'same':
      return `same as ${formatAddress(expectation.address)}`;
    case 'memory':
      return `${formatAmount(expectation.load)} = ${formatNumber(expectation.value)}`;
    case 'problem':
      return expectation.problem === undefined ? 'problem' : `problem ${expectation.problem}`;
    case 'no-problem':
      return 'no problem';
    case 'message':
      return `message ${quote(expectation.text)}`;
    case 'no-message':
      return `no message ${quote(expectation.text)}`;
    case 'result':
      return `${expectation.mapping} ${formatExpectation(expectation.of)}`;
    case 'vmflags':
      return `vmflags ${expectation.mapping} ${expectation.relation ?? '='} ${expectation.codes.join(' ')}`.trimEnd();
    case 'flags':
      return `flags ${expectation.mapping} ${expectation.relation} ${expectation.names.join(' ')}`;
    case 'rss':
    case 'offset':
    case 'dumped':
      return `${expectation.kind} ${expectation.mapping} = ${formatNumber(expectation.bytes)}`;
    case 'vmas':
      return `vmas ${expectation.mapping} = ${expectation.count}`;
    case 'perms':
      return `perms ${expectation.mapping} = ${expectation.perms}`;
    case 'count':
      return `count ${expectation.slot} = ${expectation.count}`;
    case 'refcount':
    case 'mapcount':
      return `${expectation.kind} ${formatAddress(expectation.address)} = ${expectation.count}`;
    case 'present':
      return `present ${formatAddress(expectation.address)} = ${expectation.present ? 'yes' : 'no'}`;
  }
}
