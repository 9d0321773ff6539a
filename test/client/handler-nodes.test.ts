/** What the rows of the tree of mapping handlers say. */
import { describe, expect, it } from 'vitest';
import { childrenOf, findingText, type HandlerNode, handlerText, rootsOf } from '../../client/src/handler-nodes.ts';
import type { HandlerEntry, HandlerFinding } from '../../server/src/protocol/handlers.ts';

const range = { start: { line: 3, character: 11 }, end: { line: 3, character: 20 } };
const finding: HandlerFinding = {
  rule: 'vm-flags-direct-write',
  severity: 'error',
  message: 'The flags are written without the lock.',
  uri: 'file:///a/card.c',
  range,
  way: ['card_mmap', 'prepare', 'map_pages'],
};
const handler: HandlerEntry = {
  function: 'card_mmap',
  slots: ['file_operations.mmap', 'dma_buf_ops.mmap'],
  range,
  compiled: true,
  findings: [finding],
};

/** The tree as indented labels. */
function shown(nodes: readonly HandlerNode[], indent = ''): readonly string[] {
  return nodes.flatMap((node) => {
    const label = node.kind === 'file' ? node.file.uri : node.kind === 'handler' ? node.handler.function : node.finding.rule;
    return [`${indent}${label}`, ...shown(childrenOf(node), `${indent}  `)];
  });
}

describe('the tree of handlers', () => {
  it('has files in order, without those that have no handlers', () => {
    const files = [
      { uri: 'file:///b.c', handlers: [{ ...handler, findings: [] }] },
      { uri: 'file:///none.c', handlers: [] },
      { uri: 'file:///a.c', handlers: [handler] },
    ];
    expect(shown(rootsOf(files))).toEqual(['file:///a.c', '  card_mmap', '    vm-flags-direct-write', 'file:///b.c', '  card_mmap']);
  });

  it('counts the findings of a handler, and says when it is not compiled', () => {
    expect(handlerText(handler)).toEqual({
      label: 'card_mmap',
      description: 'file_operations.mmap, dma_buf_ops.mmap, 1 finding',
      tooltip: 'card_mmap, the handler of file_operations.mmap and dma_buf_ops.mmap, 1 finding.',
    });
    expect(handlerText({ ...handler, findings: [finding, finding] }).description).toMatch(/, 2 findings$/);
    const { findings: _, ...unchecked } = handler;
    expect(handlerText(unchecked).description).toBe('file_operations.mmap, dma_buf_ops.mmap');
    const inactive = handlerText({ ...unchecked, compiled: false });
    expect(inactive.description).toMatch(/, not compiled$/);
    expect(inactive.tooltip).toContain('neither checked nor run');
  });

  it('tells the way to a finding in another function', () => {
    expect(findingText(finding)).toEqual({
      label: 'vm-flags-direct-write',
      description: 'The flags are written without the lock. (through prepare \u2192 map_pages)',
      tooltip: 'error: The flags are written without the lock.\n\nThe way there: card_mmap \u2192 prepare \u2192 map_pages',
    });
    expect(findingText({ ...finding, message: '`vm_flags` is written.', way: [] }).description).toBe('vm_flags is written.');
    const direct = findingText({ ...finding, way: ['card_mmap'] });
    expect(direct.description).toBe(finding.message);
    expect(direct.tooltip).toBe(`error: ${finding.message}`);
  });
});
