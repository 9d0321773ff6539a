/** What the scenario bar and the tables of the simulation page make of a text; and what a scenario looks like after an action. */
import { describe, expect, it } from 'vitest';
import {
  appendStatements,
  assumedIn,
  freeName,
  kernelOf,
  mappingLines,
  setAssumed,
  setKernel,
  setMappingField,
} from '../../../client/view/src/scenario-edit.ts';
import { userActions } from '../../../client/view/src/user-actions.ts';
import { parseScenario } from '../../../server/src/simulation/scenario/parse.ts';

const text = `kernel 6.12   # the target
assume dev->size = 16p
open rw
a = mmap len 4p off 1p prot rw shared expect EINVAL
in child: b = mmap len 1M-1p prot r private   # mmap len 9p
s = mmap len 1p prot rw private anonymous
close
`;
const [first, second] = mappingLines(text);

describe('mappingLines', () => {
  it('finds the mappings of the device and what they say', () => {
    expect(mappingLines(text)).toEqual([
      { index: 3, name: 'a', length: '4p', offset: '1p', protection: 'rw', sharing: 'shared' },
      { index: 4, name: 'b', length: '1M-1p', offset: '0', protection: 'r', sharing: 'private' },
    ]);
    expect(mappingLines('# a = mmap len 4p\nopen rw\n')).toEqual([]);
  });
});

describe('setMappingField', () => {
  it('changes one word, and drops what the line expected of the old mapping', () => {
    if (!first) throw new Error('no mapping');
    expect(setMappingField(text, first, 'length', '8p').split('\n')[3]).toBe('a = mmap len 8p off 1p prot rw shared');
    expect(setMappingField(text, first, 'offset', '$&').split('\n')[3]).toBe('a = mmap len 4p off $& prot rw shared');
    expect(setMappingField(text, first, 'protection', 'none').split('\n')[3]).toBe('a = mmap len 4p off 1p prot none shared');
    expect(setMappingField(text, first, 'sharing', 'private').split('\n')[3]).toBe('a = mmap len 4p off 1p prot rw private');
  });

  it('adds an offset that was not written, and leaves all other lines and bad values alone', () => {
    if (!second) throw new Error('no mapping');
    const changed = setMappingField(text, second, 'offset', '2p').split('\n');
    expect(changed[4]).toBe('in child: b = mmap len 1M-1p off 2p prot r private   # mmap len 9p');
    expect(changed.toSpliced(4, 1)).toEqual(text.split('\n').toSpliced(4, 1));
    expect(setMappingField(text, second, 'length', '4 p')).toBe(text);
    expect(setMappingField(text, second, 'length', '')).toBe(text);
  });
});

describe('kernel', () => {
  it('is read, changed and added', () => {
    expect(kernelOf(text)).toBe('6.12');
    expect(setKernel(text, '5.4').split('\n')[0]).toBe('kernel 5.4   # the target');
    expect(kernelOf('open rw\n')).toBeUndefined();
    expect(setKernel('open rw\n', '5.4')).toBe('kernel 5.4\nopen rw\n');
  });
});

describe('setAssumed', () => {
  it('changes, adds behind the last assumption, and takes out', () => {
    expect(assumedIn(text, 'dev->size')).toBe('16p');
    expect(assumedIn(text, 'dev->other')).toBeUndefined();
    expect(setAssumed(text, 'dev->size', ' 8p ').split('\n')[1]).toBe('assume dev->size = 8p');
    const added = setAssumed(text, 'pci_resource_len(pdev, 0)', '0x1000');
    expect(added.split('\n').slice(1, 4)).toEqual(['assume dev->size = 16p', 'assume pci_resource_len(pdev, 0) = 0x1000', 'open rw']);
    expect(setAssumed(added, 'pci_resource_len(pdev, 0)', '')).toBe(text);
    expect(setAssumed(text, 'dev->other', '')).toBe(text);
    expect(setAssumed('open rw\n', 'a', '1')).toBe('assume a = 1\nopen rw\n');
  });
});

describe('user actions', () => {
  it('stand at the end, before the program goes', () => {
    expect(appendStatements('open rw\na = mmap\nexit\n', ['read a'])).toBe('open rw\na = mmap\nread a\nexit\n');
    expect(appendStatements('open rw', ['read a'])).toBe('open rw\nread a\n');
  });

  it('take names that are free', () => {
    expect(freeName('fork child\nfork child2\n', 'child')).toBe('child3');
    expect(freeName('fork children\n', 'child')).toBe('child');
  });

  it('are statements that scenarios understand', () => {
    const start = 'kernel 6.12\nopen rw\na = mmap len 4p prot rw shared\n';
    const all = userActions.reduce((scenario, action) => appendStatements(scenario, action.statements('a', scenario)), start);
    expect(parseScenario(all).problems).toEqual([]);
    for (const action of userActions) {
      expect(parseScenario(appendStatements(start, action.statements('a', start))).problems, action.title).toEqual([]);
    }
  });
});
